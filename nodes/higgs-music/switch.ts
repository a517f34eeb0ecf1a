/** Whether music is on, kept as long as the node's settings want it. */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../src/engine/package-api.js';
import { SWITCHES } from '../common/catalogue.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { isRecord } from '../common/values.js';

export const SWITCH_COMMANDS = ['on', 'off', 'toggle'] as const;
export type SwitchCommand = (typeof SWITCH_COMMANDS)[number];

/** The switch as it is kept: where it stands, and what the editor said when it was set. */
interface KeptSwitch {
  readonly on: boolean;
  readonly initial: boolean;
}

const CONTEXT_KEY = 'music';

/**
 * The node's context keeps the switch, over restarts too where Node-RED has a store on disk for it. With `remember` it lies
 * in a file of its own in the user directory, whatever the stores are.
 */
export class MusicSwitch {
  private readonly file: string | undefined;
  private kept: KeptSwitch | undefined;
  /** Writes one after the other: the last one wins. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    const { userDir } = red.settings;
    if (saved.remember === true && userDir !== undefined) {
      this.file = path.resolve(userDir, 'higgs-tts', 'switches', `${encodeURIComponent(node.id)}.json`);
      this.kept = readKept(this.file);
    } else {
      this.kept = keptOf(node.context().get(CONTEXT_KEY));
    }
  }

  /** A change of the editor's own setting since the switch was moved counts more than the move. */
  get isOn(): boolean {
    return this.kept?.initial === this.initial ? this.kept.on : this.initial;
  }

  /** Moves the switch; gives where it stands now. */
  move(command: SwitchCommand): boolean {
    const on = command === 'toggle' ? !this.isOn : command === 'on';
    const kept: KeptSwitch = { on, initial: this.initial };
    this.kept = kept;
    const { file } = this;
    if (file === undefined) this.node.context().set(CONTEXT_KEY, kept);
    else
      this.writing = this.writing.then(() => writeKept(file, kept)).catch((thrown: unknown) => this.node.warn(thrown));
    return on;
  }

  /** Done when what was moved last is kept; `removed`: the node is gone for good. */
  async close(removed: boolean): Promise<void> {
    await this.writing;
    if (removed && this.file !== undefined) await fs.promises.rm(this.file, { force: true });
  }

  private get initial(): boolean {
    return typeof this.saved.on === 'boolean' ? this.saved.on : SWITCHES.musicOn;
  }
}

function keptOf(value: unknown): KeptSwitch | undefined {
  if (!isRecord(value) || typeof value.on !== 'boolean' || typeof value.initial !== 'boolean') return undefined;
  return { on: value.on, initial: value.initial };
}

/** What cannot be read is as good as never kept. */
function readKept(file: string): KeptSwitch | undefined {
  try {
    return keptOf(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeKept(file: string, kept: KeptSwitch): Promise<void> {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  await writeWhole(file, Buffer.from(JSON.stringify(kept)));
}
