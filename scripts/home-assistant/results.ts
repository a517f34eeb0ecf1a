/** What an announcer tells at the broker about its announcements, heard as a loudspeaker hears it. */
import { connectAsync, type MqttClient } from 'mqtt';
import type { AnnouncementResult } from '../../src/service/mqtt/announcement.js';
import type { Login } from './broker.js';
import { until } from './waiting.js';

export class Results {
  private client: MqttClient | undefined;
  private readonly heard: AnnouncementResult[] = [];

  constructor(
    private readonly url: string,
    private readonly announcer: string,
    private readonly login: Partial<Login> = {},
  ) {}

  async listen(): Promise<void> {
    const kept = { clientId: 'loudspeaker', clean: false, reconnectPeriod: 500 };
    const client = await connectAsync(this.url, { ...kept, ...this.login });
    this.client = client;
    client.on('message', (_topic, payload) => this.heard.push(JSON.parse(payload.toString()) as AnnouncementResult));
    await client.subscribeAsync([`higgs-tts/${this.announcer}/result`], { qos: 2 });
  }

  /** Says it as an automation with `mqtt.publish` does. */
  async publish(what: object): Promise<void> {
    await this.client!.publishAsync(`higgs-tts/${this.announcer}/say`, JSON.stringify(what), { qos: 1 });
  }

  /** What became of the announcement of `text`, once it has come to `state`. */
  of(text: string, state: AnnouncementResult['state']): Promise<AnnouncementResult> {
    return until(`"${text}" is ${state}`, () => {
      const its = this.heard.filter((result) => result.text === text);
      const end = its.find((result) => result.state === 'failed');
      if (end !== undefined && state !== 'failed') throw new Error(JSON.stringify(end.error));
      return its.find((result) => result.state === state);
    });
  }

  count(text: string, state: AnnouncementResult['state']): number {
    return this.heard.filter((result) => result.text === text && result.state === state).length;
  }

  /** The topics of the announcer that the broker keeps a message for. */
  async retainedTopics(): Promise<string[]> {
    const client = await connectAsync(this.url, { ...this.login });
    const found: string[] = [];
    client.on('message', (topic, payload, { retain }) => {
      if (retain && payload.length > 0 && topic.includes(this.announcer)) found.push(topic);
    });
    // What is retained comes behind the answer to the subscription, and before that to the next one.
    await client.subscribeAsync('#', { qos: 1 });
    await client.subscribeAsync('nothing', { qos: 1 });
    await client.endAsync();
    return found;
  }

  async close(): Promise<void> {
    await this.client?.endAsync();
  }
}
