/** Announcements over MQTT while the flow is deployed. */
import { setImmediate } from 'node:timers/promises';
import { HiggsError } from '../../src/engine/index.js';
import {
  openAnnouncer,
  openSoundHost,
  type AnnouncementResult,
  type Announcer,
  type AnnouncerState,
  type SoundHost,
  type SpokenAnnouncement,
} from '../../src/service/index.js';
import { commandOf, isCommand } from '../common/commands.js';
import { CLOSE_LIMIT_MS, endOnce, withinMs } from '../common/end-once.js';
import { missingEngine, shareOf } from '../common/engine-settings.js';
import type { EngineLink } from '../common/engine-share.js';
import { sharedText } from '../common/node-red.js';
import type { Done, Node, NodeAPI, NodeMessageInFlow, Saved } from '../common/node-red.js';
import { soundHostOptions, soundHostsOf } from '../common/sound-hosts.js';
import { withStoredSounds } from '../common/stored-speech.js';
import { announcerOptions, commandIn } from './settings.js';

/** A port may be free again once an older deploy of this node has let it go. */
const RETRY_MS = 10_000;

export class AnnounceController {
  private readonly link: EngineLink;
  private opening: Promise<void> = Promise.resolve();
  private announcer: Announcer | undefined;
  private soundHost: SoundHost | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    this.link = shareOf(red, saved.engine).join({ id: node.id, engineChanged: () => undefined });
  }

  /** Never rejects; tries again later where the sound host's port is not free. */
  open(): Promise<void> {
    this.opening = this.start().catch((thrown: unknown) => this.tellFailure(HiggsError.from(thrown)));
    return this.opening;
  }

  /** A message from the flow: an announcement, or a command (msg.cmd). */
  take(msg: NodeMessageInFlow, done: Done): Promise<void> {
    return endOnce(done, this.carryOut(msg));
  }

  /** Ends within 2 s; what waits is kept. `removed`: the node is gone, and so is its device. */
  async close(removed: boolean): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const ended = this.opening.then(async () => {
      await this.announcer?.close({ forget: removed });
      await this.soundHost?.close();
    });
    await withinMs(CLOSE_LIMIT_MS, ended);
    await this.link.leave();
  }

  private async start(): Promise<void> {
    this.showState({ connected: false, waiting: 0, speaking: false, idInUse: false });
    // The Catch nodes of the flow are made after this node, and a wrong setting is found at once.
    await setImmediate();
    const missing = missingEngine(this.red, this.saved.engine);
    if (missing !== undefined) throw missing;
    const options = announcerOptions(this.red, this.saved);
    this.soundHost = await this.openHost();
    try {
      this.announcer = await openAnnouncer({
        ...options,
        ...(this.soundHost === undefined ? {} : { soundHost: this.soundHost }),
        engine: () => withStoredSounds(this.link.engine(), this.red),
        owner: this.node.id,
        onSpoken: (spoken) => this.send(spoken),
        onResult: (result) => this.tellResult(result),
        onChange: (state) => this.showState(state),
        onWarning: (warning) => {
          if (!this.closed) this.node.warn(warning.toString());
        },
      });
    } catch (thrown) {
      await this.soundHost?.close();
      throw thrown;
    }
  }

  /** Shared with the other nodes that name the same higgs-sounds node, else one of its own; none where it gives the sound itself. */
  private async openHost(): Promise<SoundHost | undefined> {
    if (this.saved.output === 'buffer') return undefined;
    const { sounds } = this.saved;
    if (typeof sounds !== 'string' || sounds === '') return openSoundHost(soundHostOptions(this.saved));
    const shared = soundHostsOf(this.red, sounds).join();
    try {
      return { ...(await shared.host()), close: () => shared.leave() };
    } catch (thrown) {
      await shared.leave();
      throw thrown;
    }
  }

  private async carryOut(msg: NodeMessageInFlow): Promise<void> {
    await this.opening;
    const { announcer } = this;
    if (announcer === undefined || this.closed) {
      throw new HiggsError('HIGGS_CLOSED', 'The announcer is not open; its node says why.');
    }
    if (!isCommand(msg)) {
      await announcer.announce(commandIn(msg.payload));
      return;
    }
    const command = commandOf(msg);
    if (command === 'stop' || command === 'skip') announcer.stop();
    if (command === 'stop' || command === 'clear') announcer.clear();
    if (command === 'pause' || command === 'resume') {
      throw new HiggsError('HIGGS_OPTION_INVALID', 'The option "msg.cmd" takes stop, clear or skip at an announcer.');
    }
  }

  private send({ announcement, result, sound, mediaType }: SpokenAnnouncement): void {
    const { id, text, target } = announcement;
    const { url, seconds, time, voice } = result;
    const message = {
      payload: url ?? Buffer.from(sound),
      text,
      target,
      higgs: { id, seconds, time, voice, mediaType, url },
    };
    if (!this.closed) this.node.send(message);
  }

  /** Announcements that came by MQTT have no message of the flow; their errors reach Catch nodes all the same. */
  private tellResult(result: AnnouncementResult): void {
    const { state, error, id, text } = result;
    if (this.closed || state !== 'failed' || error === undefined) return;
    const about = { payload: text ?? '', higgs: { id } };
    this.node.error(new HiggsError(error.code, error.message), about);
  }

  private tellFailure(error: HiggsError): void {
    if (this.closed) return;
    this.node.error(error, {});
    this.node.status({ fill: 'red', shape: 'ring', text: sharedText(this.red, `errors.${error.code}`) });
    if (error.code === 'HIGGS_ADDRESS_UNAVAILABLE') this.retry = setTimeout(() => void this.open(), RETRY_MS);
  }

  private showState({ connected, waiting, speaking, idInUse }: AnnouncerState): void {
    if (this.closed) return;
    const problem = sharedText(this.red, 'errors.HIGGS_ID_IN_USE');
    if (idInUse) this.node.status({ fill: 'red', shape: 'ring', text: problem });
    else if (speaking)
      this.node.status({ fill: 'blue', shape: 'dot', text: this.text('speaking', { count: waiting }) });
    else if (connected) this.node.status({ fill: 'green', shape: 'dot', text: this.text('connected') });
    else this.node.status({ fill: 'yellow', shape: 'ring', text: this.text('connecting') });
  }

  private text(key: string, values: Record<string, number> = {}): string {
    return this.red._(`@higgs-tts/node-red/higgs-announce:announce.status.${key}`, values);
  }
}
