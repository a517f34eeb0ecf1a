/**
 * `POST /audio/speech` as vLLM-Omni and SGLang-Omni serve Higgs Audio: OpenAI's fields, and `references` for a cloned voice.
 * Sources: vLLM-Omni, entrypoints/openai/protocol/audio.py (`references` stands for `ref_audio` and `ref_text`;
 * `stream_format: audio` sends raw samples); SGLang-Omni, docs/cookbook/higgs_tts.md (`stream` with `pcm`). Neither takes
 * scenes, described voices or several speakers there.
 */
import { HiggsError } from '../errors.js';
import { soundOf } from './sound-body.js';
import type { RemoteApi, RemoteQuestion } from './types.js';

function refuse(what: string): never {
  throw new HiggsError(
    'HIGGS_OPTION_INVALID',
    `The servers' speech endpoint takes no ${what}; the engine's option "remote.api" has to be "chat" for that.`,
  );
}

export const SPEECH_API: RemoteApi = {
  path: 'audio/speech',

  bodyOf(
    { text, voices, scene, system, seed, temperature, topK, topP, maxFrames }: RemoteQuestion,
    model: string,
  ): object {
    const [voice, ...others] = voices;
    if (others.length > 0) refuse('several speakers at once');
    if (voice?.kind === 'described') refuse('described voice');
    if (scene !== undefined) refuse('scene');
    if (system !== undefined) refuse('system text');
    return {
      model,
      input: text,
      ...(voice?.kind === 'cloned' ? { references: [{ audio_path: dataUrl(voice.wav), text: voice.transcript }] } : {}),
      response_format: 'pcm',
      stream: true,
      stream_format: 'audio',
      seed,
      max_new_tokens: maxFrames,
      ...(temperature === undefined ? {} : { temperature }),
      ...(topK === undefined ? {} : { top_k: topK }),
      ...(topP === undefined ? {} : { top_p: topP }),
    };
  },

  async *samplesOf(answer) {
    yield* soundOf(answer);
    return 'ended';
  },
};

function dataUrl(wav: Uint8Array): string {
  return `data:audio/wav;base64,${Buffer.from(wav).toString('base64')}`;
}
