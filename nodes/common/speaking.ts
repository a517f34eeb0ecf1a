/** What the speaking nodes, higgs-synthesize and higgs-dialogue, do with a message. */
import type { HiggsError, SpeakOptions, SpeakResult, SpeechEngine } from '../../src/engine/index.js';
import { describeProgress } from './describe-progress.js';
import { isCommand, obey } from './commands.js';
import { openDelivery, type Asked, type Delivery } from './delivery.js';
import { missingEngine, shareOf } from './engine-settings.js';
import type { EngineLink } from './engine-share.js';
import { CLOSE_LIMIT_MS, endOnce, withinMs, type Ending } from './end-once.js';
import { readInputs, type InputTable, type InputValues } from './inputs.js';
import { MessagesInHand, type MessageInHand } from './messages-in-hand.js';
import { accountFor, overridesOf, refuseOthers } from './msg-higgs.js';
import { sharedText } from './node-red.js';
import type { Done, Node, NodeAPI, NodeMessageInFlow, Saved, Send } from './node-red.js';
import type { SpeakingTable } from './speaking-inputs.js';
import { stemsMessage } from './stems.js';
import { missingSoundHost, soundHostsOf, type SoundHostLink } from './sound-hosts.js';
import { StatusLine, type OngoingCall } from './status-line.js';
import { withStoredSounds } from './stored-speech.js';

/** What one of these nodes says: `plan` makes the request out of the inputs. */
export interface SpeakingRole<Table extends InputTable> {
  readonly inputs: Table;
  plan(values: InputValues<Table>): SpeakingPlan;
}

export interface SpeakingPlan extends Asked {
  speak(engine: SpeechEngine, options: SpeakOptions): Promise<SpeakResult>;
}

/**
 * Takes messages: a command (msg.cmd) is carried out and ends there; anything else is spoken, delivered, and ends once:
 * - as output, and complete;
 * - as an error for the Catch nodes;
 * - cancelled, where it was stopped or interrupted or the node was closed: complete without output, with
 *   `msg.higgs.cancelled`, for nothing went wrong. A Complete node sees it; Catch nodes do not.
 */
export class SpeakingController<Table extends InputTable & SpeakingTable> {
  private readonly status: StatusLine;
  private readonly link: EngineLink;
  private readonly inHand: MessagesInHand;
  private readonly hosts: SoundHostLink;
  private closed = false;
  /** What was noted of texts before. */
  private readonly told = new Set<string>();

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
    private readonly role: SpeakingRole<Table>,
  ) {
    this.status = new StatusLine(red, node, describeProgress);
    this.link = shareOf(red, saved.engine).join({
      id: node.id,
      engineChanged: (info) => this.status.engineChanged(info),
    });
    this.inHand = new MessagesInHand(this.link);
    this.hosts = soundHostsOf(red, saved.sounds).join();
    // A node that gives its sound itself needs no place for it.
    const missing =
      missingEngine(red, saved.engine) ?? (saved.output === 'url' ? missingSoundHost(red, saved.sounds) : undefined);
    if (missing !== undefined) this.status.showProblem(missing);
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    if (!isCommand(msg)) await this.speak(msg, send, done);
    else await endOnce(done, this.obey(msg), (error) => fail(this.status.begin(), error));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.status.clear();
    const dropped = this.inHand.count;
    if (dropped > 0) this.node.warn(this.text('dropped', { count: dropped }));
    this.inHand.stop('all');
    await Promise.all([this.link.leave(), withinMs(CLOSE_LIMIT_MS, this.hosts.leave())]);
  }

  private async speak(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const call = this.status.begin();
    const message = this.inHand.begin();
    let delivery: Delivery | undefined;
    const work = async () => {
      const overrides = overridesOf(msg);
      refuseOthers(overrides, Object.keys(this.role.inputs));
      const { red, node, saved } = this;
      const values = await readInputs({ red, node, saved, msg, overrides }, this.role.inputs);
      const plan = this.role.plan(values);
      delivery = await openDelivery({ red, msg, values, asked: plan, send, soundHost: () => this.hosts.host() });
      if (delivery.isDone) {
        call.done(this.text('status.kept'));
        send(msg);
        return;
      }
      const result = await this.say(plan, delivery, values, message, call);
      // Before the delivery, which changes the message.
      const stems = await stemsMessage(red, msg, result, values);
      await delivery.finish(result, () => message.checkGoesOn());
      message.checkGoesOn();
      send(stems === undefined ? msg : [msg, stems]);
      const seconds = result.durationSeconds.toFixed(1);
      const told = this.tellNotes(result.notes ?? []);
      call.done(told ?? this.text('status.done', { seconds, workSeconds: result.workSeconds.toFixed(1) }));
    };
    await endOnce(done, work(), (error) => {
      const isCancelled = error.code === 'HIGGS_ABORTED' || (error.code === 'HIGGS_CLOSED' && this.closed);
      const account = isCancelled ? ({ cancelled: true } as const) : { failed: error.code };
      const last = delivery?.breakOff(account);
      if (last !== undefined) send(last);
      if (!isCancelled) return fail(call, error);
      msg.higgs = accountFor(account);
      call.cancelled(error);
      return 'cancelled';
    });
    message.end();
    delivery?.release();
  }

  private async say(
    plan: SpeakingPlan,
    delivery: Delivery,
    { priority, interrupt, cache }: InputValues<SpeakingTable>,
    message: MessageInHand,
    call: OngoingCall,
  ): Promise<SpeakResult> {
    message.checkGoesOn();
    const spoken = plan.speak(withStoredSounds(this.link.engine(), this.red), {
      owner: this.node.id,
      priority,
      interrupt,
      cache,
      signal: message.signal,
      onProgress: (event) => call.progress(event),
      ...(delivery.onChunk === undefined ? {} : { onChunk: delivery.onChunk }),
    });
    message.ask();
    const result = await spoken;
    message.answered();
    return result;
  }

  private obey(msg: NodeMessageInFlow): Promise<void> {
    return obey(msg, {
      inHand: this.inHand,
      status: this.status,
      pause: () => this.link.pause(),
      resume: () => this.link.resume(),
    });
  }

  /** Each note once in the log; the first new one, for the status. */
  private tellNotes(notes: readonly string[]): string | undefined {
    const fresh = notes.filter((note) => !this.told.has(note));
    for (const note of fresh) {
      this.told.add(note);
      this.node.warn(note);
    }
    return fresh[0];
  }

  private text(key: string, values?: Record<string, string | number>): string {
    return sharedText(this.red, key, values);
  }
}

function fail(call: OngoingCall, error: HiggsError): Ending {
  call.failed(error);
  return 'error';
}
