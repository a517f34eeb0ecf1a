/** What the broker, and so everyone there, is told. */
import { PACKAGE_VERSION, type ProgressEvent } from '../../engine/index.js';
import type { Announcement, AnnouncementResult } from './announcement.js';
import type { Connection } from './connection.js';
import { discoveryPayload, discoveryTopic } from './discovery.js';
import { ENTITIES, RETAINED, type AnnouncerFacts, type Entity } from './entities.js';
import type { Topics } from './topics.js';

/** So many results wait for a broker that is away; it comes back to nothing older than that. */
const RESULTS_KEPT = 1000;

export interface ReportedDevice {
  readonly id: string;
  readonly name: string;
  /** Home Assistant's prefix for discovery; empty: nothing is told there. */
  readonly prefix: string;
}

export class Reports {
  private resultsUnderWay = 0;

  constructor(
    private readonly connection: Pick<Connection, 'publish' | 'deliver'>,
    private readonly topics: Topics,
    private readonly device: ReportedDevice,
  ) {}

  /** True once it has arrived. QoS 2: a loudspeaker that plays what it is told must not be told twice. */
  async result(result: AnnouncementResult): Promise<boolean> {
    if (this.resultsUnderWay >= RESULTS_KEPT) return false;
    this.resultsUnderWay += 1;
    const arrived = await this.connection.deliver(this.topics.result, JSON.stringify(result));
    this.resultsUnderWay -= 1;
    return arrived;
  }

  progress({ id }: Announcement, event: ProgressEvent): void {
    const text = JSON.stringify({ id, ...event });
    void this.connection.publish(this.topics.progress, text, { qos: 0 });
  }

  /** What a client that has just come, or this broker, needs to know. */
  all(facts: AnnouncerFacts): void {
    const { id, name, prefix } = this.device;
    if (prefix !== '') {
      const device = { id, name, version: PACKAGE_VERSION, voices: offeredVoices(facts) };
      void this.retain(discoveryTopic(prefix, id), JSON.stringify(discoveryPayload(device, this.topics)));
    }
    void this.retain(this.topics.availability, 'online');
    this.states(facts, () => true);
  }

  /** The entities that can be set. */
  settings(facts: AnnouncerFacts): void {
    this.states(facts, ({ command }) => command !== undefined);
  }

  /** The entities that only tell. */
  sensors(facts: AnnouncerFacts): void {
    this.states(facts, ({ command }) => command === undefined);
  }

  /** True once it lies at the broker. */
  instance(mark: string): Promise<boolean> {
    return this.retain(this.topics.instance, mark);
  }

  /** The last messages of an announcer: that it is offline, or, where it is gone for good, nothing in place of all. */
  lastWords(forget: boolean): readonly { readonly topic: string; readonly payload: string }[] {
    if (!forget) return [{ topic: this.topics.availability, payload: 'offline' }];
    const { id, prefix } = this.device;
    const discovery = prefix === '' ? [] : [discoveryTopic(prefix, id)];
    return [...discovery, ...RETAINED.map((name) => this.topics[name])].map((topic) => ({ topic, payload: '' }));
  }

  private states(facts: AnnouncerFacts, which: (entity: Entity) => boolean): void {
    for (const { state } of ENTITIES.filter(which)) {
      if (state !== undefined) void this.retain(this.topics[state.topic], state.of(facts));
    }
  }

  private retain(topic: string, payload: string): Promise<boolean> {
    return this.connection.publish(topic, payload, { qos: 1, retain: true });
  }
}

/** The voice that is set among them, whether the engine could be asked or not: Home Assistant refuses a state that is no option. */
function offeredVoices({ voices, settings }: AnnouncerFacts): readonly string[] {
  return settings.voice === undefined || voices.includes(settings.voice) ? voices : [...voices, settings.voice];
}
