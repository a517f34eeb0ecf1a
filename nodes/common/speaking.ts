/** What the speaking nodes, higgs-synthesize and higgs-dialogue, have in common. */
import {
  checkWritable,
  HiggsError,
  SAMPLING_RULES,
  type MusicSetting,
  type SamplingOptions,
  type SpeakOptions,
  type SpeakResult,
  type SpeechEngine,
} from '../../src/engine/index.js';
import { deliver } from './deliver.js';
import { shareOf } from './engine-settings.js';
import type { EngineLink } from './engine-share.js';
import { endOnce } from './end-once.js';
import { readInputs, type Input, type InputTable, type InputValues } from './inputs.js';
import {
  sharedText,
  type Done,
  type Node,
  type NodeAPI,
  type NodeMessageInFlow,
  type Saved,
  type Send,
} from './node-red.js';
import { fileToRead, fileToWrite } from './paths.js';
import { readMusic, readNumber, readText } from './readers.js';
import { StatusLine } from './status-line.js';
import { leaveOut } from './values.js';

type SamplingName = 'temperature' | 'topP' | 'topK' | 'seed' | 'maxSeconds';

function numberInput(name: SamplingName): Input<number | undefined> {
  return { message: name, property: name, kind: 'num', read: readNumber(SAMPLING_RULES[name]), fallback: undefined };
}

/**
 * The inputs of every speaking node. A file's name counts where the node writes files; its field says where to look,
 * msg.filename at first, so that a name from a node before does not win over one that was typed in.
 */
export function speakingInputs(red: NodeAPI) {
  return {
    temperature: numberInput('temperature'),
    topP: numberInput('topP'),
    topK: numberInput('topK'),
    seed: numberInput('seed'),
    maxSeconds: numberInput('maxSeconds'),
    scene: { message: 'scene', property: 'scene', read: readText, fallback: undefined },
    music: { message: 'music', read: readMusic(fileToRead(red)), fallback: undefined },
    filename: { property: 'filename', kind: 'msg', initial: 'filename', read: readText, fallback: undefined },
  } as const satisfies InputTable;
}

type SpeakingValues = InputValues<ReturnType<typeof speakingInputs>>;

/** The part of a request that every speaking node fills in the same way; what is not set is left out. */
export function commonRequest(values: SpeakingValues): SamplingOptions & { scene?: string; music?: MusicSetting } {
  const { temperature, topP, topK, seed, maxSeconds, scene, music } = values;
  return leaveOut({ temperature, topP, topK, seed, maxSeconds, scene, music });
}

/** One message's way through a speaking node; `ask` makes the request out of the inputs and sends it. */
export interface SpeakingRole<Table extends InputTable> {
  readonly inputs: Table;
  ask(engine: SpeechEngine, values: InputValues<Table>, options: SpeakOptions): Promise<SpeakResult>;
}

/** Reads a message's inputs, has it spoken, delivers the sound, and ends the message once. */
export class SpeakingController<Table extends InputTable & ReturnType<typeof speakingInputs>> {
  private readonly status: StatusLine;
  private readonly link: EngineLink;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
    private readonly role: SpeakingRole<Table>,
  ) {
    this.status = new StatusLine(red, node);
    this.link = shareOf(red, saved.engine).join({
      id: node.id,
      engineChanged: (info) => this.status.engineChanged(info),
    });
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const call = this.status.begin();
    const work = async () => {
      const values = await readInputs(this.red, this.node, this.saved, this.role.inputs, msg);
      const file = this.fileOf(values);
      if (file !== undefined) await checkWritable(file);
      const result = await this.role.ask(this.link.engine(), values, {
        owner: this.node.id,
        onProgress: (event) => call.progress(event),
      });
      await deliver(msg, result, file);
      send(msg);
      call.done(
        sharedText(this.red, 'status.done', {
          seconds: result.durationSeconds.toFixed(1),
          workSeconds: result.workSeconds.toFixed(1),
        }),
      );
    };
    await endOnce(done, work(), (error) => call.failed(error));
  }

  async close(): Promise<void> {
    this.status.mute();
    await this.link.leave();
  }

  private fileOf(values: SpeakingValues): string | undefined {
    if (this.saved.output !== 'file') return undefined;
    if (values.filename === undefined) {
      const what = 'The node writes files, but neither its field nor the message names one.';
      throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', what);
    }
    return fileToWrite(this.red, values.filename);
  }
}
