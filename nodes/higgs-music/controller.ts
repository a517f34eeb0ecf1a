import { BED_RULES, HiggsError, type MusicSetting } from '../../src/engine/index.js';
import { endOnce } from '../common/end-once.js';
import { readInputs, type Input, type InputTable } from '../common/inputs.js';
import { overridesOf } from '../common/msg-higgs.js';
import {
  sharedText,
  type Done,
  type Node,
  type NodeAPI,
  type NodeMessageInFlow,
  type Saved,
  type Send,
} from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { invalid, readChoice, readClip, readNumber } from '../common/readers.js';
import { leaveOut } from '../common/values.js';

type BedNumber = keyof typeof BED_RULES;

function bedNumber(name: BedNumber): Input<number | undefined> {
  return { property: name, kind: 'num', read: readNumber(BED_RULES[name]), fallback: undefined };
}

const KINDS = ['model', 'bed'] as const;

function musicInputs(red: NodeAPI) {
  return {
    kind: { property: 'music', read: readChoice(KINDS), fallback: 'model' },
    bed: {
      message: 'bed',
      property: 'bed',
      read: readClip(fileToRead(red)),
      fallback: undefined,
    },
    gainDb: bedNumber('gainDb'),
    duckDb: bedNumber('duckDb'),
    fadeInSeconds: bedNumber('fadeInSeconds'),
    fadeOutSeconds: bedNumber('fadeOutSeconds'),
    leadInSeconds: bedNumber('leadInSeconds'),
    tailSeconds: bedNumber('tailSeconds'),
    loop: { property: 'loop', read: (value: unknown) => value !== false, fallback: true },
  } as const satisfies InputTable;
}

/** The switch as the node's context keeps it: where it stands, and what the editor said when it was set. */
interface KeptSwitch {
  readonly on: boolean;
  readonly initial: boolean;
}

const CONTEXT_KEY = 'music';
type Command = 'on' | 'off' | 'toggle';

/**
 * A switch in the way of texts: msg.music = on, off, toggle, true or false moves it, and every message with a payload
 * goes on with the music setting in msg.music. A message that only moves the switch ends here.
 */
export class MusicController {
  private readonly inputs: ReturnType<typeof musicInputs>;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    this.inputs = musicInputs(red);
    this.show(this.isOn());
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const work = async () => {
      const command = commandOf(msg.music);
      const on = command === undefined ? this.isOn() : this.move(command);
      this.show(on);
      if (command !== undefined && (msg.payload === undefined || msg.payload === '')) return;
      msg.music = on ? await this.setting(msg) : { kind: 'none' };
      send(msg);
    };
    await endOnce(done, work(), (error) => {
      this.node.status({ fill: 'red', shape: 'ring', text: sharedText(this.red, `errors.${error.code}`) });
      return 'error';
    });
  }

  private async setting(msg: NodeMessageInFlow): Promise<MusicSetting> {
    const overrides = overridesOf(msg);
    const { red, node, saved, inputs } = this;
    const { kind, bed: clip, ...rest } = await readInputs({ red, node, saved, msg, overrides }, inputs);
    if (kind === 'model') return { kind };
    if (clip === undefined) {
      throw new HiggsError('HIGGS_CLIP_UNREADABLE', 'There is no music bed: neither the field nor msg.bed gives one.');
    }
    return { kind, clip, ...leaveOut(rest) };
  }

  private move(command: Command): boolean {
    const on = command === 'toggle' ? !this.isOn() : command === 'on';
    const kept: KeptSwitch = { on, initial: this.initial() };
    this.node.context().set(CONTEXT_KEY, kept);
    return on;
  }

  /** A change of the editor's own setting since the switch was moved counts more than the move. */
  private isOn(): boolean {
    const kept = this.node.context().get(CONTEXT_KEY) as KeptSwitch | undefined;
    return kept?.initial === this.initial() ? kept.on : this.initial();
  }

  private initial(): boolean {
    return this.saved.on !== false;
  }

  private show(on: boolean): void {
    const kind = this.saved.music === 'bed' ? 'bed' : 'model';
    const text = sharedText(this.red, on ? `status.music.${kind}` : 'status.music.off');
    this.node.status(on ? { fill: 'green', shape: 'dot', text } : { fill: 'grey', shape: 'ring', text });
  }
}

/** A setting that another higgs-music node made is no command: this node's own takes its place. */
function commandOf(value: unknown): Command | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === 'on' || value === 'off' || value === 'toggle') return value;
  throw invalid('msg.music', value, '"on", "off", "toggle", true or false');
}
