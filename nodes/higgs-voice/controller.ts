import {
  HiggsError,
  VOICE_FILE_EXTENSION,
  type ClipReport,
  type OnProgress,
  type RegisterVoiceRequest,
  type VoiceInfo,
} from '../../src/engine/index.js';
import { describeProgress } from '../common/describe-progress.js';
import { missingEngine, shareOf } from '../common/engine-settings.js';
import type { EngineLink } from '../common/engine-share.js';
import { endOnce } from '../common/end-once.js';
import { readInputs } from '../common/inputs.js';
import { accountFor, othersOf, overridesOf } from '../common/msg-higgs.js';
import { sharedText } from '../common/node-red.js';
import type { Done, Node, NodeAPI, NodeMessageInFlow, Saved, Send } from '../common/node-red.js';
import { readFileBytes } from '../common/read-file-bytes.js';
import { StatusLine } from '../common/status-line.js';
import { voiceInputs, type VoiceValues } from './inputs.js';

/** What msg.higgs tells about a voice. */
export interface VoiceDetails {
  /** The voice as it is now; left out where it was removed. */
  readonly voice?: VoiceInfo;
  /** What was found in the clip, with warnings that say what to do. */
  readonly report?: ClipReport;
}

/**
 * Makes a voice known to the engine and gives it to the nodes that follow as msg.voice; or removes, renames, exports
 * (msg.payload is the file's bytes, msg.filename a name for it) or imports one.
 */
export class VoiceController {
  private readonly status: StatusLine;
  private readonly link: EngineLink;
  private readonly inputs: ReturnType<typeof voiceInputs>;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    this.inputs = voiceInputs(red);
    this.status = new StatusLine(red, node, describeProgress);
    this.link = shareOf(red, saved.engine).join({
      id: node.id,
      engineChanged: (info) => this.status.engineChanged(info),
    });
    const missing = missingEngine(red, saved.engine);
    if (missing !== undefined) this.status.showProblem(missing);
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const call = this.status.begin();
    const work = async () => {
      const { red, node, saved, inputs } = this;
      const overrides = overridesOf(msg);
      const values = await readInputs({ red, node, saved, msg, overrides }, inputs);
      const details = await this.act(values, msg, (event) => call.progress(event));
      const name = details.voice?.name ?? values.voice;
      if (details.voice !== undefined) msg.voice = { kind: 'named', name };
      // What this node does not know is meant for the speaking nodes behind it.
      msg.higgs = accountFor({ ...details }, othersOf(overrides, Object.keys(inputs)));
      for (const warning of details.report?.warnings ?? []) this.node.warn(`${name}: ${warning}`);
      send(msg);
      call.done(sharedText(this.red, details.voice ? 'status.voiceReady' : 'status.voiceRemoved', { name }));
    };
    await endOnce(done, work(), (error) => {
      call.failed(error);
      return 'error';
    });
  }

  async close(): Promise<void> {
    this.status.clear();
    await this.link.leave();
  }

  private async act(values: VoiceValues, msg: NodeMessageInFlow, onProgress: OnProgress): Promise<VoiceDetails> {
    const engine = this.link.engine();
    const { voice: name, voiceName } = values;
    switch (values.action) {
      case 'load':
        return this.load(values, onProgress);
      case 'remove':
        await engine.removeVoice(name);
        return {};
      case 'rename':
        return { voice: await engine.renameVoice(name, voiceName) };
      case 'export': {
        const voice = await this.find(name);
        msg.payload = Buffer.from(await engine.exportVoice(name));
        msg.filename = `${name}${VOICE_FILE_EXTENSION}`;
        return { voice };
      }
      case 'import': {
        const how = { replace: true, ...(voiceName === '' ? {} : { name: voiceName }) };
        return engine.importVoice(await readFileBytes(clipOf(values)), how, { owner: this.node.id, onProgress });
      }
    }
  }

  private async load(values: VoiceValues, onProgress: OnProgress): Promise<VoiceDetails> {
    if (values.source === 'embedded') return { voice: await this.find(values.voice) };
    const { voiceName: name, trim } = values;
    const request = { name, source: sourceOf(values), replace: true, trim };
    return this.link.engine().registerVoice(request, { owner: this.node.id, onProgress });
  }

  private async find(name: string): Promise<VoiceInfo> {
    const voices = await this.link.engine().voices();
    const found = voices.find((voice) => voice.name === name);
    if (found !== undefined) return found;
    const known = voices.map((voice) => voice.name).join(', ');
    throw new HiggsError('HIGGS_VOICE_UNKNOWN', `There is no voice "${name}"; there are: ${known}.`);
  }
}

function sourceOf(values: VoiceValues): RegisterVoiceRequest['source'] {
  if (values.source === 'described') return { kind: 'described', description: values.description };
  return { kind: 'clip', clip: clipOf(values), transcript: values.transcript, accent: values.accent };
}

function clipOf({ clip }: VoiceValues): string | Uint8Array {
  if (clip !== undefined) return clip;
  throw new HiggsError('HIGGS_CLIP_UNREADABLE', 'There is no clip: neither the field nor the message gives one.');
}
