/**
 * Cached results: which request is equal to one before, and what it became. Equal requests that come while one of them is made
 * wait for it. All of this is the worker's: texts are read and files hashed here, so that nothing holds up the parent.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { resolveHubNames } from '../hub/index.js';
import { EMBEDDED_DIR, PACKAGE_VERSION } from '../package-files.js';
import type { CallAnswer, SpeechTask, Task, WorkerSettings } from '../protocol.js';
import type { AudioChunk } from '../requests.js';
import { joinChunks } from '../sound/index.js';
import { keyOf, SpeechCache, type Take as CachedResult } from '../speech-cache/index.js';
import { readText, splitAtPauses } from '../text/index.js';
import { readClip } from '../voices/index.js';
import { readingOptions } from './script.js';
import type { CallTools } from './backend.js';

/** Goes up where the same request would become another sound, though the package's version is the same. */
const RESULT_VERSION = 2;
/** What of a model's folder decides how it speaks. */
const MODEL_FILE = /\.(?:safetensors|json|jinja)$/;

/** One request's side of the cache. */
export interface Caching {
  /** The answer, where there was one. */
  readonly known?: CallAnswer;
  /** What the request is to be answered with. */
  readonly tools: CallTools;
  /** Keeps the answer that was made, and gives it. */
  keep(answer: CallAnswer): CallAnswer;
  /** Called last, whatever became of the request. */
  close(): void;
}

export class ResultCache {
  private readonly cache: SpeechCache | undefined;
  /** Results on their way to the disk: an equal request may be the next one. */
  private readonly leaving = new Map<string, { result: CachedResult; written: Promise<void> }>();
  /** Settles when the request of this key is answered or has failed. */
  private readonly making = new Map<string, Promise<void>>();

  constructor(private readonly settings: WorkerSettings) {
    const { cacheDir, speechCacheMegabytes } = settings;
    const dir = path.join(cacheDir, 'speech');
    if (speechCacheMegabytes > 0) this.cache = new SpeechCache({ dir, limitBytes: speechCacheMegabytes * 1e6 });
  }

  /**
   * The cached result of an equal request, told as if it had just been made, in one chunk and no time; else the way to keep the
   * result that is made now. Throws HIGGS_ABORTED where it is aborted while an equal request is made.
   */
  async open(task: Task, tools: CallTools): Promise<Caching> {
    const { cache } = this;
    const none = { tools, keep: (answer: CallAnswer) => answer, close: () => undefined };
    if (cache === undefined || (task.kind !== 'speak' && task.kind !== 'dialogue') || !task.request.cache) return none;
    // What cannot be told apart for sure (a clip that is gone, a model without a folder) is made, or fails, as ever.
    const key = await this.keyOf(task).catch(() => undefined);
    if (key === undefined) return none;
    // Servers elsewhere make equal requests beside each other.
    const isShared = this.settings.remote === undefined;
    while (isShared && this.making.has(key)) await unlessAborted(this.making.get(key)!, tools.signal);
    const close = this.claim(key);
    const found = this.leaving.get(key)?.result ?? (await cache.get(key));
    if (found !== undefined) return { ...none, known: tell(found, tools), close };
    const chunks: AudioChunk[] = [];
    const onChunk = (chunk: AudioChunk) => {
      chunks.push(chunk);
      tools.onChunk(chunk);
    };
    const keep = (answer: CallAnswer) => {
      if (answer.to === 'speech') this.write(cache, key, { ...answer.outcome, ...joinChunks(chunks) });
      return answer;
    };
    return { tools: { ...tools, onChunk }, keep, close };
  }

  /** Done when all results are on disk. */
  async settled(): Promise<void> {
    await Promise.all([...this.leaving.values()].map(({ written }) => written));
  }

  /** Equal requests wait until what this gives is called. */
  private claim(key: string): () => void {
    let done!: () => void;
    this.making.set(key, new Promise<void>((resolve) => (done = resolve)));
    return () => {
      this.making.delete(key);
      done();
    };
  }

  /** Nobody waits for the disk. */
  private write(cache: SpeechCache, key: string, result: CachedResult): void {
    const written = cache.put(key, result).then(() => void this.leaving.delete(key));
    this.leaving.set(key, { result, written });
  }

  private async keyOf({ kind, request }: SpeechTask): Promise<string> {
    const { model, codec, device, bits, cacheBits, contextPositions, remote, lexicon } = this.settings;
    const words =
      kind === 'speak'
        ? splitAtPauses(request.text).map(({ text, pauseSeconds }) => [
            // Phones that a caller gave tell texts apart, whether or not the model knows them.
            readText(text, { ...readingOptions(request, request.text, lexicon), knowsPhones: true }),
            pauseSeconds,
          ])
        : undefined;
    return keyOf({
      version: [PACKAGE_VERSION, RESULT_VERSION],
      kind,
      // A text counts by what is read of it; a dialogue's lines stand in the result as they were written.
      request: await withClips({
        ...request,
        streams: undefined,
        cache: undefined,
        ...(words ? { text: words, lexicon: undefined } : {}),
      }),
      // A dialogue's lines are kept as they were written, so that the words said in them count here.
      ...(kind === 'dialogue' && lexicon !== undefined && lexicon.length > 0 ? { lexicon } : {}),
      by: remote ?? { device, bits, cacheBits, contextPositions, files: await filesOf(model, codec) },
    });
  }
}

/** Names, sizes and times of the model's files: another model, or the same one trained further, is another voice. */
async function filesOf(model: string, codec: string | undefined): Promise<unknown> {
  if (model === 'embedded' && codec === undefined) return filesIn(EMBEDDED_DIR);
  const folders = await resolveHubNames(model === 'embedded' ? EMBEDDED_DIR : model, codec);
  return [await filesIn(folders.model), folders.codec === undefined ? [] : await filesIn(folders.codec)];
}

async function filesIn(dir: string): Promise<readonly (readonly [string, number, number])[]> {
  const names = (await fs.readdir(dir, { recursive: true })).filter((name) => MODEL_FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await fs.stat(path.join(dir, name));
      return [path.join(dir, name), size, mtimeMs] as const;
    }),
  );
}

/** `value` with the bytes of every clip in place of its path. */
async function withClips(value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return Promise.all(value.map(withClips));
  const fields = Object.entries(value).map(async ([name, field]: [string, unknown]) => [
    name,
    name === 'clip' && typeof field === 'string' ? await readClip(field) : await withClips(field),
  ]);
  return Object.fromEntries((await Promise.all(fields)) as [string, unknown][]);
}

function tell({ samples, channels, stems, ...facts }: CachedResult, { onChunk }: CallTools): CallAnswer {
  if (samples.length > 0) {
    const sides = { ...(channels ? { channels } : {}), ...(stems ? { stems } : {}) };
    onChunk({ index: 0, startSeconds: 0, samples, ...sides });
  }
  return { to: 'speech', outcome: { ...facts, workSeconds: 0, firstSoundSeconds: 0, cached: true } };
}

/** Throws HIGGS_ABORTED as soon as the signal says so. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { signal: over.signal }),
  );
  if (!signal.aborted) await Promise.race([work, aborted]);
  over.abort();
  if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause: signal.reason });
}
