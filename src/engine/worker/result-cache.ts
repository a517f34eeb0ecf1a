/** Earlier takes: which request is the same as one before, and what it became. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveHubNames } from '../hub/index.js';
import { EMBEDDED_DIR, PACKAGE_VERSION } from '../package-files.js';
import type { Assignment, ChildSettings } from '../protocol.js';
import type { AudioChunk, SpeakResult } from '../requests.js';
import { keyOf, SpeechCache, type Take } from '../speech-cache/index.js';
import { normalizeText, splitAtPauses } from '../text/index.js';
import { readClip } from '../voices/index.js';
import type { CallEnd } from '../client/call.js';
import type { EngineSettings } from '../client/settings.js';

/** Goes up where the same request would become another sound, though the package's version is the same. */
const TAKE_VERSION = 1;
/** What of a model's folder decides how it speaks. */
const MODEL_FILE = /\.(?:safetensors|json|jinja)$/;

/** One call's side of the cache. */
export interface Recall {
  /** An earlier take of what is asked, when its turn has come; nothing is asked of the child then. */
  find(assignment: Assignment): Promise<CallEnd | undefined>;
  readonly isFound: boolean;
  /** Requests with the same key are the same; undefined before {@link find} knows it, and where nothing is sure. */
  readonly key: string | undefined;
  /** Keeps the take that was made instead; nobody waits for the disk. */
  keep(result: SpeakResult): void;
}

export class Takes {
  private readonly cache: SpeechCache | undefined;
  private readonly child: ChildSettings;
  /** Takes on their way to the disk: an equal request may be the next one. */
  private readonly leaving = new Map<string, { take: Take; written: Promise<void> }>();

  constructor({ child, speechCacheMegabytes }: EngineSettings) {
    this.child = child;
    const dir = path.join(child.cacheDir, 'speech');
    if (speechCacheMegabytes > 0) this.cache = new SpeechCache({ dir, limitBytes: speechCacheMegabytes * 1e6 });
  }

  /** Undefined where nothing is kept, or where the caller wants a take of its own. */
  recall(wanted = true): Recall | undefined {
    const { cache } = this;
    if (cache === undefined || !wanted) return undefined;
    let key: string | undefined;
    let isFound = false;
    return {
      find: async (assignment) => {
        // What cannot be told apart for sure (a clip that is gone, a model without a folder) is made, or fails, as ever.
        key = await this.keyOf(assignment).catch(() => undefined);
        const take = key === undefined ? undefined : (this.leaving.get(key)?.take ?? (await cache.get(key)));
        isFound = take !== undefined;
        return take && endOf(take);
      },
      get isFound() {
        return isFound;
      },
      get key() {
        return key;
      },
      keep: ({ cached, ...take }) => {
        if (key !== undefined && !cached) this.write(cache, key, take);
      },
    };
  }

  /** Done when all takes are on disk. */
  async settled(): Promise<void> {
    await Promise.all([...this.leaving.values()].map(({ written }) => written));
  }

  private write(cache: SpeechCache, key: string, take: Take): void {
    const written = cache.put(key, take).then(() => void this.leaving.delete(key));
    this.leaving.set(key, { take, written });
  }

  private async keyOf(assignment: Assignment): Promise<string | undefined> {
    if (assignment.kind !== 'speak' && assignment.kind !== 'dialogue') return undefined;
    const { model, codec, device, bits, remote } = this.child;
    const words =
      assignment.kind === 'speak'
        ? splitAtPauses(assignment.request.text).map(({ text, pauseSeconds }) => [
            normalizeText(text, assignment.request.language),
            pauseSeconds,
          ])
        : undefined;
    return keyOf({
      version: [PACKAGE_VERSION, TAKE_VERSION],
      kind: assignment.kind,
      // A text counts by what is read of it; a dialogue's lines stand in the result as they were written.
      request: await withClips({ ...assignment.request, streams: undefined, ...(words ? { text: words } : {}) }),
      by: remote ?? { device, bits, files: await this.filesOf(model, codec) },
    });
  }

  /** Names, sizes and times of the model's files: another model, or the same one trained further, is another voice. */
  private async filesOf(model: string, codec: string | undefined): Promise<unknown> {
    if (model === 'embedded' && codec === undefined) return filesIn(EMBEDDED_DIR);
    const folders = await resolveHubNames(model === 'embedded' ? EMBEDDED_DIR : model, codec);
    return [await filesIn(folders.model), folders.codec === undefined ? [] : await filesIn(folders.codec)];
  }
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

/** As if a child had just said it, in one chunk and no time. */
function endOf({ samples, channels, stems, ...facts }: Take): CallEnd {
  const chunk: AudioChunk = {
    index: 0,
    startSeconds: 0,
    samples,
    ...(channels ? { channels } : {}),
    ...(stems ? { stems } : {}),
  };
  return {
    answer: { to: 'speech', outcome: { ...facts, workSeconds: 0, firstSoundSeconds: 0 } },
    chunks: samples.length === 0 ? [] : [chunk],
  };
}
