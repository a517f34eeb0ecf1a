/** A sample in a dialog's settings as they stand, before any deploy. */
import {
  acquireEngine,
  encodeSound,
  produce,
  SAMPLE_RATE_HZ,
  type CallOptions,
  type EngineLease,
  type EngineOptions,
  type Production,
  type ProgressEvent,
  type SpeakResult,
  type SpeechEngine,
} from '../../../src/engine/index.js';
import { channelsOf, SoundStream } from '../../../src/engine/package-api.js';
import { describeProgress } from '../../common/describe-progress.js';
import { defaultOptions, engineOptions } from '../../common/engine-settings.js';
import { readInputs } from '../../common/inputs.js';
import type { SpeakingPlan } from '../../common/speaking.js';
import { productionOf } from '../../common/speaking-inputs.js';
import type { Node, NodeAPI, NodeMessageInFlow, Saved } from '../../common/node-red.js';
import { invalid } from '../../common/readers.js';
import { isRecord } from '../../common/values.js';
import { dialogueRole } from '../../higgs-dialogue/role.js';
import { synthesizeRole } from '../../higgs-synthesize/role.js';
import { answered, goneSignal, LineAnswer, wordsOf } from './answer.js';

/** How long the engine of a sample is kept for the next one. */
const KEEP_MS = 60_000;
/** Before what flows say: a person waits. */
const PRIORITY = 10;

/**
 * POST /higgs-tts/listen { type, properties, sample, engineProperties? }: lines of JSON as they come, `progress` with a
 * text, `sound` with samples, `end` (with what was said, as it was read, and notes on it) or `error` at last. Who goes away stops the speech.
 */
export function serveListen(red: NodeAPI): void {
  const engines = new SampleEngine();
  red.httpAdmin.post(
    '/higgs-tts/listen',
    red.auth.needsPermission('higgs-tts.write'),
    answered(async (request, response) => {
      const asked = readAsked(request.body as unknown);
      const options = asked.engine === undefined ? defaultOptions(red) : engineOptions(red, asked.engine);
      const engine = engines.take(options);
      const signal = goneSignal(response);
      const answer = new LineAnswer(response);
      try {
        const sample = await planSample(red, asked);
        const options = {
          signal,
          priority: PRIORITY,
          onProgress: (event: ProgressEvent) => answer.line({ kind: 'progress', text: describeProgress(red, event) }),
        };
        const heard = await speakSample(sample, engine, options, (pcm16) =>
          answer.line(soundLine(pcm16, sample.plan.channelCount)),
        );
        answer.end({ kind: 'end', ...heard });
      } catch (thrown) {
        answer.end({ kind: 'error', ...wordsOf(thrown) });
      } finally {
        engines.rest();
      }
    }),
  );
}

interface Asked {
  readonly type: 'higgs-synthesize' | 'higgs-dialogue';
  readonly properties: Saved;
  readonly sample: string;
  readonly engine: Saved | undefined;
}

function readAsked(body: unknown): Asked {
  if (!isRecord(body)) throw invalid('body', body, 'an object');
  const { type, properties, sample, engineProperties } = body;
  if (type !== 'higgs-synthesize' && type !== 'higgs-dialogue') throw invalid('type', type, 'a speaking node’s type');
  if (!isRecord(properties)) throw invalid('properties', properties, 'an object');
  if (typeof sample !== 'string') throw invalid('sample', sample, 'a text');
  const engine = isRecord(engineProperties) ? (engineProperties as Saved) : undefined;
  return { type, properties: properties as Saved, sample, engine };
}

/** What is to be said, and what is done to its sound. */
interface Sample {
  readonly plan: SpeakingPlan;
  readonly production: Production;
}

async function planSample(red: NodeAPI, asked: Asked): Promise<Sample> {
  // There is no message: what a message would set keeps its default. The sample takes the place of text and script.
  const msg = { _msgid: '' } as NodeMessageInFlow;
  const node = { id: '' } as unknown as Node;
  const said = { text: asked.sample, textType: 'str', script: asked.sample, scriptType: 'str' };
  const saved: Saved = { ...asked.properties, ...said };
  const sources = { red, node, saved, msg, overrides: {} };
  if (asked.type === 'higgs-dialogue') {
    const role = dialogueRole(red);
    const values = await readInputs(sources, role.inputs);
    return { plan: role.plan(values), production: productionOf(values) };
  }
  const role = synthesizeRole(red);
  const values = await readInputs(sources, role.inputs);
  return { plan: role.plan(values), production: productionOf(values) };
}

/** What is told at the end of a sample. */
interface Heard {
  readonly seconds: number;
  readonly workSeconds: number;
  /** Segments, or a dialogue's lines. */
  readonly said: readonly string[];
  readonly notes: readonly string[];
}

/** Samples of 16 bits as they come, or, where they are levelled, at the end. */
async function speakSample(
  { plan, production }: Sample,
  engine: SpeechEngine,
  options: CallOptions,
  onSound: (pcm16: Uint8Array) => void,
): Promise<Heard> {
  const { loudnessLufs, ...rest } = production;
  if (loudnessLufs !== undefined) {
    const result = await plan.speak(engine, options);
    const spoken = { channels: channelsOf(result), sampleRateHz: result.sampleRateHz };
    const { sound } = await produce(spoken, production);
    onSound(await encodeSound(sound, 'pcm16'));
    return { seconds: sound.channels[0]!.length / sound.sampleRateHz, ...factsOf(result) };
  }
  const stream = await SoundStream.open('pcm16', rest, plan.channelCount, ({ bytes }) => onSound(bytes));
  const result = await plan.speak(engine, { ...options, onChunk: (chunk) => stream.push(channelsOf(chunk)) });
  onSound((await stream.end(result)).rest);
  return { seconds: stream.seconds, ...factsOf(result) };
}

function factsOf({ workSeconds, marks, notes = [] }: SpeakResult): Omit<Heard, 'seconds'> {
  return { workSeconds, said: marks.map(({ text }) => text), notes };
}

function soundLine(pcm16: Uint8Array, channelCount: number): object {
  const base64 = Buffer.from(pcm16).toString('base64');
  return { kind: 'sound', sampleRateHz: SAMPLE_RATE_HZ, channelCount, pcm16: base64 };
}

/** The engine of the last sample stays for a while, so that the next one need not load the model again. */
class SampleEngine {
  private lease: EngineLease | undefined;
  private key = '';
  private inUse = 0;
  private timer: NodeJS.Timeout | undefined;

  take(options: EngineOptions): SpeechEngine {
    clearTimeout(this.timer);
    const key = JSON.stringify(options);
    const over = this.lease !== undefined && ['given-up', 'closed'].includes(this.lease.engine.info().state);
    if (key !== this.key || over) this.release();
    this.lease ??= acquireEngine(options);
    this.key = key;
    this.inUse += 1;
    return this.lease.engine;
  }

  rest(): void {
    this.inUse -= 1;
    if (this.inUse > 0) return;
    this.timer = setTimeout(() => this.release(), KEEP_MS);
    this.timer.unref();
  }

  private release(): void {
    const { lease } = this;
    this.lease = undefined;
    lease?.release().catch(() => undefined);
  }
}
