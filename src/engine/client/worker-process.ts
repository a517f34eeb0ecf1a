/**
 * Keeps a child process ready for the calls: starts one when there is work, tells when one died, gives up after
 * repeated deaths, and ends one that has had nothing to do.
 */
import { HiggsError } from '../errors.js';
import type { ChildSettings, ToChild, ToParent } from '../protocol.js';
import { ChildLink, type ChildEnd } from './child-link.js';

/** Deaths without an answered call between them, after which no new child is started. */
const DEATHS_TO_GIVE_UP = 3;
/** A child that was asked to end and has not after this long is killed. */
const CLOSE_GRACE_MS = 1500;
const LAST_LINE_CHARACTERS = 300;

export interface KeeperEvents {
  onMessage(message: ToParent): void;
  /** The child ended though nobody had asked it to. */
  onDeath(error: HiggsError): void;
  onChange(): void;
}

export class ChildKeeper {
  /** Why no child is started any more. */
  givenUp: HiggsError | undefined;
  private link: ChildLink | undefined;
  private ready = false;
  private deaths = 0;
  private leaving: Promise<unknown> | undefined;
  private restTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: ChildSettings,
    private readonly idleSeconds: number,
    private readonly events: KeeperEvents,
  ) {}

  get state(): 'idle' | 'starting' | 'ready' | 'given-up' {
    if (this.givenUp) return 'given-up';
    if (this.link === undefined) return 'idle';
    return this.ready ? 'ready' : 'starting';
  }

  get pid(): number | undefined {
    return this.link?.pid;
  }

  /** Settles when no former child is on its way out any more: two at once would need the memory of two models. */
  async departed(): Promise<void> {
    while (this.leaving) await this.leaving;
  }

  /** Gives the child something to do; it is started where there is none. */
  assign(message: ToChild): void {
    clearTimeout(this.restTimer);
    this.link ??= this.start();
    this.link.hold(true);
    this.link.send(message);
  }

  /** Tells the child something, if there is one. */
  tell(message: ToChild): void {
    this.link?.send(message);
  }

  /** The model is loaded in the child. */
  markReady(): void {
    this.ready = true;
  }

  /** A call was answered as it should be: earlier deaths no longer count. */
  markSuccess(): void {
    this.deaths = 0;
  }

  /** Nothing is asked of the child now: it may no longer keep the process alive, and ends after the idle time. */
  rest(): void {
    this.link?.hold(false);
    clearTimeout(this.restTimer);
    if (this.link === undefined || this.idleSeconds === 0) return;
    this.restTimer = setTimeout(() => void this.close(), this.idleSeconds * 1000).unref();
  }

  /** Ends the child by force; it counts as no death. Settles when it is gone. */
  async kill(): Promise<void> {
    const link = this.letGo();
    if (!link) return;
    link.kill();
    await this.leave(link.ended);
  }

  /** Asks the child to end, makes it end within two seconds; settles when it is gone. */
  async close(): Promise<void> {
    clearTimeout(this.restTimer);
    const link = this.letGo();
    await (link ? this.leave(link.close(CLOSE_GRACE_MS)) : this.leaving);
  }

  private start(): ChildLink {
    // What a child says after it was let go is about calls that are over.
    const link: ChildLink = new ChildLink(this.settings, (message) => {
      if (this.link === link) this.events.onMessage(message);
    });
    void link.ended.then((end) => {
      if (this.link === link) this.buryDead(end);
    });
    this.link = link;
    this.events.onChange();
    return link;
  }

  /** From here on the child's end is expected. */
  private letGo(): ChildLink | undefined {
    const link = this.link;
    this.link = undefined;
    this.ready = false;
    if (link) this.events.onChange();
    return link;
  }

  private async leave(gone: Promise<unknown>): Promise<void> {
    this.leaving = gone;
    await gone;
    if (this.leaving === gone) this.leaving = undefined;
  }

  private buryDead(end: ChildEnd): void {
    clearTimeout(this.restTimer);
    this.link = undefined;
    this.ready = false;
    this.deaths += 1;
    const cause = end.lastWords === '' ? {} : { cause: end.lastWords };
    const lastLine = end.lastWords.split('\n').at(-1);
    const how = lastLine ? `${end.how} (${lastLine.slice(0, LAST_LINE_CHARACTERS)})` : end.how;
    if (this.deaths >= DEATHS_TO_GIVE_UP) {
      this.givenUp = new HiggsError(
        'HIGGS_CHILD_GIVEN_UP',
        `The speech process ended ${this.deaths} times in a row without an answer, so it is not started again; the last time it ${how}.`,
        cause,
      );
    }
    this.events.onDeath(new HiggsError('HIGGS_CHILD_ENDED', `The speech process ${how}.`, cause));
    this.events.onChange();
  }
}
