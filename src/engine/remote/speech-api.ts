/**
 * `POST /audio/speech` as vLLM-Omni, SGLang-Omni and this package's own server answer it: OpenAI's fields, and `references`
 * for a cloned voice, which stand for vLLM-Omni's `ref_audio` and `ref_text`. Sources: see kinds.ts. Scenes and described
 * voices are for our own server alone; several speakers and music made by the model for none.
 */
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from '../codes.js';
import { HiggsError } from '../errors.js';
import { wavSeconds } from '../sound/index.js';
import { soundOf } from './sound-body.js';
import type { RemoteApi, RemoteQuestion, RemoteVoice, Target } from './types.js';

/** Steps of the language model beyond the frames: one for each codebook but the first, and those that open and close it. */
const STEPS_BEYOND_FRAMES = 8 + 2;
/** vLLM-Omni tells it of whole answers. */
const TOKENS_HEADER = 'x-vllm-omni-output-tokens';

export const SPEECH_API: RemoteApi = {
  path: 'audio/speech',

  bodyOf(question: RemoteQuestion, { model, kind, voices }: Target): object {
    const [voice, ...others] = question.voices;
    if (others.length > 0) throw refusal('several speakers in one generation; spoken line by line, they will do');
    if (question.withMusic === true) throw refusal('music made by the model; a bed, mixed here, will do');
    if (question.system !== undefined) throw refusal('system text', true);
    const { seed, temperature, topK, topP, maxFrames } = question;
    const sampling = defined({ temperature, top_k: topK, top_p: topP });
    return {
      model,
      input: question.text,
      ...(kind.isOurs ? voiceOfOurs(question, voice, voices) : voiceOf(question, voice, kind.clipSeconds)),
      response_format: 'pcm',
      stream: true,
      stream_format: 'audio',
      seed,
      ...sampling,
      // Our own server has the same limit by the text, and its checks are the better for knowing whose limit it is.
      ...(kind.isOurs && question.hasOwnLimit !== true ? {} : { max_new_tokens: maxFrames + STEPS_BEYOND_FRAMES }),
      // Where servers look for what OpenAI's request does not have.
      ...(kind.isOurs || Object.keys(sampling).length === 0 ? {} : { extra_params: sampling }),
    };
  },

  async *samplesOf(answer, { maxFrames }) {
    let sampleCount = 0;
    for await (const samples of soundOf(answer)) {
      sampleCount += samples.length;
      yield samples;
    }
    const tokens = Number(answer.header(TOKENS_HEADER) ?? 0);
    const frames = Math.round(sampleCount / HOP_SAMPLES);
    return frames >= maxFrames || tokens >= maxFrames + STEPS_BEYOND_FRAMES ? 'limit' : 'ended';
  },
};

function voiceOf(
  { scene }: RemoteQuestion,
  voice: RemoteVoice | undefined,
  clipSeconds: Target['kind']['clipSeconds'],
): object {
  if (scene !== undefined) throw refusal('scene', true);
  if (voice?.kind === 'described') throw refusal('described voice', true);
  if (voice?.kind !== 'cloned') return {};
  checkClip(voice, clipSeconds);
  return referenceOf(voice);
}

/** What the fields `voice` and `instructions` stand for: docs/http.md. Text comes read already. */
function voiceOfOurs({ scene }: RemoteQuestion, voice: RemoteVoice | undefined, known: Target['voices']): object {
  const read = { as_written: true };
  if (voice?.kind === 'cloned') {
    const isKnown = voice.embedded !== undefined && known.has(voice.embedded);
    const voiceFields = isKnown ? { voice: voice.embedded } : referenceOf(voice);
    return { ...read, ...voiceFields, ...defined({ instructions: scene }) };
  }
  if (scene !== undefined) throw refusal('scene without a voice that has a clip', true);
  return { ...read, ...(voice?.kind === 'described' ? { instructions: voice.description } : {}) };
}

type Cloned = Extract<RemoteVoice, { kind: 'cloned' }>;

function referenceOf({ wav, transcript }: Cloned): object {
  const audio = `data:audio/wav;base64,${Buffer.from(wav).toString('base64')}`;
  return { references: [{ audio_path: audio, text: transcript }] };
}

/** What the server would refuse as well, told with the voice's own words; and what it would not, such as no words at all. */
function checkClip({ wav, transcript }: Cloned, { least, most }: Target['kind']['clipSeconds']): void {
  if (transcript.trim() === '') {
    throw new HiggsError('HIGGS_VOICE_TRANSCRIPT_MISSING', 'The speech servers take a clip only with its transcript.');
  }
  const seconds = wavSeconds(wav);
  // Half a sample of a rate is no reason to refuse.
  const slack = 1 / SAMPLE_RATE_HZ;
  if (seconds >= least - slack && seconds <= most + slack) return;
  const what = `The voice's clip lasts ${seconds.toFixed(1)} s; the speech servers take ${least} to ${most} s.`;
  throw new HiggsError('HIGGS_REMOTE_REFUSED', what);
}

function refusal(what: string, chatTakesIt = false): HiggsError {
  const other = chatTakesIt ? '; servers that are asked by "remote.api": "chat" take it' : '';
  return new HiggsError('HIGGS_OPTION_INVALID', `The servers' speech endpoint takes no ${what}${other}.`);
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
