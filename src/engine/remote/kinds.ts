/**
 * What is known of the kinds of servers: what each takes, what it does with it, and how much at a time.
 * Sources: vLLM-Omni 0.30 as it ran with a Higgs Audio v2 model, and its request class (entrypoints/openai/protocol/audio.py);
 * SGLang-Omni, docs/cookbook/higgs_tts.md; boson-ai/higgs-audio, examples/vllm; this package's own server (docs/http.md).
 */
import type { RemoteApiName } from '../options.js';

export interface ServerKind {
  readonly name: 'higgs-tts' | 'vllm-omni' | 'vllm' | 'sglang' | 'other';
  /** Requests that it answers well at the same time. */
  readonly requestsAtOnce: number;
  /** Its sound comes while it is made; else all of it at the end. */
  readonly streams: boolean;
  /** The same seed and request give the same sound. */
  readonly keepsSeed: boolean;
  /** How long a clip may be, in seconds. */
  readonly clipSeconds: { readonly least: number; readonly most: number };
  /** It has this package's voices by their names, and knows scenes and described voices at its speech endpoint. */
  readonly isOurs: boolean;
}

const OTHER: ServerKind = {
  name: 'other',
  requestsAtOnce: 4,
  streams: true,
  keepsSeed: true,
  clipSeconds: { least: 1, most: 60 },
  isOurs: false,
};

const KINDS = {
  // One is heard at a time, and one more is made beside it; others would wait there, unheard, though another server were free.
  'higgs-tts': { ...OTHER, name: 'higgs-tts', requestsAtOnce: 2, isOurs: true },
  // Keeps its state by the row of the batch: of four at once, speech came out at half its length. Its deploy file does not
  // stream, and all requests draw from one generator, whatever their seed.
  'vllm-omni': {
    ...OTHER,
    name: 'vllm-omni',
    requestsAtOnce: 1,
    streams: false,
    keepsSeed: false,
    clipSeconds: { least: 1, most: 30 },
  },
  vllm: { ...OTHER, name: 'vllm' },
  sglang: { ...OTHER, name: 'sglang' },
} as const satisfies Record<string, ServerKind>;

/** Of a server whose list of models says who owns them, as all of these do. `model`: the one that it is asked for. */
export function kindOf(owner: string | undefined, model: string | undefined, api: RemoteApiName): ServerKind {
  if (owner === 'higgs-tts') return KINDS['higgs-tts'];
  if (owner?.startsWith('sglang') === true) return KINDS.sglang;
  if (owner?.startsWith('vllm') !== true) return OTHER;
  // Conversations are Boson AI's image's; the state by rows is that of the model's second version.
  const isSecond = !/higgs.*v3/iu.test(model ?? '');
  return api === 'speech' && isSecond ? KINDS['vllm-omni'] : KINDS.vllm;
}
