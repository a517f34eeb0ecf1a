/**
 * `POST /chat/completions` with sound, as Boson AI's vLLM image serves Higgs Audio v2: the whole conversation is the caller's,
 * so scenes, described voices and several speakers are possible. Source: boson-ai/higgs-audio, examples/vllm (roles, parts,
 * stop strings; streamed deltas carry 16-bit samples in base64, a whole answer a WAV file).
 */
import { composeConversation, renderScene, type Conversation } from '../prompt/index.js';
import type { StopReason } from '../requests.js';
import { eventsOf } from './events.js';
import { PcmReader } from './pcm.js';
import { samplesOfWav } from './sound-body.js';
import { BrokenAnswer, type RemoteAnswer, type RemoteApi, type RemoteQuestion, type Target } from './types.js';
import { isObject } from '../values.js';

const STOP = ['<|eot_id|>', '<|end_of_text|>', '<|audio_eos|>'];
const END_OF_STREAM = '[DONE]';

export const CHAT_API: RemoteApi = {
  path: 'chat/completions',

  bodyOf(
    { text, voices, scene, system, seed, temperature, topK, topP, maxFrames }: RemoteQuestion,
    { model }: Target,
  ): object {
    const prompt = composeConversation<Uint8Array>({
      text,
      // Clips in turns of their own, for servers take sound in a system message in no agreed way.
      cloning: 'turns',
      voices: voices.map((voice) =>
        voice.kind === 'cloned' ? { kind: voice.kind, transcript: voice.transcript, frames: voice.wav } : voice,
      ),
      ...(scene === undefined ? {} : { scene }),
      ...(system === undefined ? {} : { system }),
    });
    return {
      model,
      messages: messagesOf(prompt),
      modalities: ['text', 'audio'],
      stream: true,
      stop: STOP,
      seed,
      max_completion_tokens: maxFrames,
      ...(temperature === undefined ? {} : { temperature }),
      ...(topK === undefined ? {} : { top_k: topK }),
      ...(topP === undefined ? {} : { top_p: topP }),
    };
  },

  async *samplesOf(answer) {
    if (answer.mediaType === 'application/json') return yield* wholeAnswer(answer);
    if (answer.mediaType !== 'text/event-stream') {
      throw new BrokenAnswer(`answered with ${answer.mediaType}, not with a stream of events`);
    }
    const reader = new PcmReader();
    let stop: StopReason | undefined;
    for await (const event of eventsOf(answer.parts())) {
      if (event === END_OF_STREAM) {
        stop ??= 'ended';
        break;
      }
      const choice = choiceOf(event);
      const samples = reader.push(soundIn(choice, 'delta'));
      if (samples.length > 0) yield samples;
      stop = stopIn(choice) ?? stop;
    }
    // Streams that are cut look like streams that end.
    if (stop === undefined) throw new BrokenAnswer('ended its stream without saying so');
    if (reader.isCut) throw new BrokenAnswer('ended within a sample');
    return stop;
  },
};

/** The scene stands in the system message, between its marks, as the model's chat template has it. */
function messagesOf(conversation: Conversation<Uint8Array>): object[] {
  const scene = conversation.find(({ role }) => role === 'scene');
  return conversation
    .filter(({ role }) => role !== 'scene')
    .map(({ role, content }) => {
      const [part] = content;
      if (part?.type === 'audio') return { role, content: [soundPart(part.frames)] };
      const text = part?.text ?? '';
      return { role, content: role === 'system' && scene !== undefined ? text + renderScene(scene.content) : text };
    });
}

function soundPart(wav: Uint8Array): object {
  return { type: 'input_audio', input_audio: { data: Buffer.from(wav).toString('base64'), format: 'wav' } };
}

async function* wholeAnswer(answer: RemoteAnswer): AsyncGenerator<Float32Array, StopReason, void> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.parts()) parts.push(part);
  const choice = choiceOf(Buffer.concat(parts).toString('utf8'));
  const wav = soundIn(choice, 'message');
  if (wav.length === 0) throw new BrokenAnswer('answered without sound');
  yield samplesOfWav(wav);
  return stopIn(choice) ?? 'ended';
}

/** The first choice of an answer or an event; empty for an event that tells of something else, such as usage. */
function choiceOf(json: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new BrokenAnswer('sent something that is no JSON', { cause });
  }
  if (isObject(parsed) && 'error' in parsed) throw new BrokenAnswer('told of an error in the middle of its answer');
  const choices = isObject(parsed) ? parsed['choices'] : undefined;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isObject(first) ? first : {};
}

function soundIn(choice: Record<string, unknown>, part: 'delta' | 'message'): Uint8Array {
  const holder = choice[part];
  const audio = isObject(holder) ? holder['audio'] : undefined;
  const data = isObject(audio) ? audio['data'] : undefined;
  return typeof data === 'string' ? Buffer.from(data, 'base64') : new Uint8Array();
}

function stopIn(choice: Record<string, unknown>): StopReason | undefined {
  const reason = choice['finish_reason'];
  if (typeof reason !== 'string') return undefined;
  return reason === 'length' ? 'limit' : 'ended';
}
