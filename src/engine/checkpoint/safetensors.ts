/**
 * Safetensors files by ranges: 8 bytes of header length, a JSON header, then the tensors' bytes.
 * Source: https://github.com/huggingface/safetensors#format
 */
import { createHash } from 'node:crypto';
import { lstat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { HiggsError, systemCode } from '../errors.js';
import { FileRefused, openRegular, readCheckpointText } from '../regular-file.js';
import { BYTES_PER_ELEMENT, isFloatType, toFloat32 } from './floats.js';
import type { TensorEntry, TensorSource, TensorType } from './types.js';

const INDEX_FILE = 'model.safetensors.index.json';
const SINGLE_FILE = 'model.safetensors';
/** A header of the published model has 60 KB; the format allows 100 MB, which would take gigabytes to read. */
const MAX_HEADER_BYTES = 16_000_000;
const MOST_SHARDS = 1_000;
/** One read call takes less than 2 GiB on every system. */
const MAX_READ_BYTES = 2 ** 30;
const SAMPLE_BYTES = 4096;
const SAMPLES_PER_FILE = 64;

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly header: Uint8Array;
  readonly dataStart: number;
  readonly byteLength: number;
}

interface StoredTensor extends TensorEntry {
  readonly file: OpenFile;
  /** Byte range within the file. */
  readonly begin: number;
  readonly end: number;
}

/**
 * Opens a checkpoint's tensors: `model.safetensors`, or where there is none the shards that `model.safetensors.index.json` names.
 * Headers are read and checked; data is read when asked for. Names are the files' own.
 * Throws HIGGS_CHECKPOINT_MISSING where there is none, HIGGS_CHECKPOINT_BROKEN naming file and tensor.
 */
export async function openTensors(dir: string): Promise<TensorSource> {
  // As transformers does: a whole file counts, whatever shards lie beside it. The published repository has both, in two layouts.
  const shards = (await isThere(path.join(dir, SINGLE_FILE))) ? undefined : await readIndex(dir);
  const files: OpenFile[] = [];
  const stored = new Map<string, StoredTensor>();
  try {
    for (const name of shards === undefined ? [SINGLE_FILE] : [...new Set(shards.values())].sort()) {
      const file = await openFile(path.join(dir, name), shards !== undefined);
      files.push(file);
      for (const tensor of readHeader(file)) stored.set(tensor.name, tensor);
    }
    for (const [tensor, shard] of shards ?? []) {
      const at = stored.get(tensor);
      if (at === undefined || path.basename(at.file.path) !== shard) {
        throw broken(path.join(dir, shard), `the tensor "${tensor}" is missing that ${INDEX_FILE} puts there`);
      }
    }
  } catch (error) {
    await closeAll(files);
    throw error;
  }
  return new StoredTensors(dir, files, stored);
}

class StoredTensors implements TensorSource {
  constructor(
    private readonly dir: string,
    private readonly files: readonly OpenFile[],
    readonly entries: ReadonlyMap<string, StoredTensor>,
  ) {}

  locate(name: string): string {
    return this.entries.get(name)?.file.path ?? this.dir;
  }

  async readFloat32(name: string, fromRow?: number, toRow?: number): Promise<Float32Array> {
    const { type, file } = this.find(name);
    if (!isFloatType(type)) throw broken(file.path, `the tensor "${name}" holds ${type}, not floating-point numbers`);
    return toFloat32(type, await this.readBytes(name, fromRow, toRow));
  }

  async readBytes(name: string, fromRow?: number, toRow?: number): Promise<Uint8Array> {
    const { file, begin, end, shape } = this.find(name);
    const rows = shape[0] ?? 1;
    const rowBytes = rows === 0 ? 0 : (end - begin) / rows;
    const from = fromRow ?? 0;
    const to = toRow ?? rows;
    if (from < 0 || to > rows || from > to) {
      throw new HiggsError('HIGGS_INTERNAL', `Rows ${from} to ${to} of "${name}" were asked for; it has ${rows}.`);
    }
    const bytes = new Uint8Array((to - from) * rowBytes);
    await readExactly(file.handle, bytes, begin + from * rowBytes, () =>
      broken(file.path, `it ends inside the tensor "${name}"`),
    );
    return bytes;
  }

  async fingerprint(): Promise<string> {
    const hash = createHash('sha256');
    for (const file of this.files) {
      hash.update(`${path.basename(file.path)} ${file.byteLength} ${file.header.byteLength}\n`).update(file.header);
      // Training changes every tensor, so a few samples spread over the file tell two checkpoints of one shape apart.
      const stride = Math.max(SAMPLE_BYTES, (file.byteLength - file.dataStart) / SAMPLES_PER_FILE);
      for (let at = file.dataStart; at < file.byteLength; at += stride) {
        const sample = new Uint8Array(Math.min(SAMPLE_BYTES, file.byteLength - Math.floor(at)));
        await readExactly(file.handle, sample, Math.floor(at), () => broken(file.path, 'it became shorter'));
        hash.update(sample);
      }
    }
    return hash.digest('hex');
  }

  async close(): Promise<void> {
    await closeAll(this.files);
  }

  private find(name: string): StoredTensor {
    const found = this.entries.get(name);
    if (found === undefined) throw broken(this.dir, `the tensor "${name}" is missing`);
    return found;
  }
}

async function isThere(file: string): Promise<boolean> {
  return await lstat(file).then(
    () => true,
    () => false,
  );
}

/** Tensor name to shard, or undefined where the folder has no index. */
async function readIndex(dir: string): Promise<Map<string, string> | undefined> {
  const file = path.join(dir, INDEX_FILE);
  const text = await readCheckpointText(file);
  if (text === undefined) return undefined;
  const map: unknown = parseJson(file, text, 'weight_map');
  if (typeof map !== 'object' || map === null) throw broken(file, 'it has no "weight_map"');
  const shards = new Map(
    Object.entries(map).map(([tensor, shard]: [string, unknown]) => {
      // A shard lies beside its index; a path would let a checkpoint name any file of the machine.
      if (typeof shard !== 'string' || path.basename(shard) !== shard) {
        throw broken(file, `it names no shard for the tensor "${tensor}"`);
      }
      return [tensor, shard];
    }),
  );
  const count = new Set(shards.values()).size;
  if (count === 0 || count > MOST_SHARDS) throw broken(file, `it names ${count} shards`);
  return shards;
}

function parseJson(file: string, text: string, key: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  } catch (error) {
    throw broken(file, 'it is not JSON', error);
  }
}

async function openFile(file: string, isShard: boolean): Promise<OpenFile> {
  let handle: FileHandle;
  try {
    handle = await openRegular(file, { within: path.dirname(file) });
  } catch (error) {
    if (error instanceof FileRefused)
      throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} ${error.message}.`);
    if (isShard || !['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? ''))
      throw broken(file, 'it is missing or cannot be opened', error);
    throw new HiggsError('HIGGS_CHECKPOINT_MISSING', `There is no checkpoint at ${file}.`, { cause: error });
  }
  try {
    const byteLength = (await handle.stat()).size;
    const prefix = new Uint8Array(8);
    await readExactly(handle, prefix, 0, () => broken(file, 'it is shorter than a header'));
    const headerBytes = Number(new DataView(prefix.buffer).getBigUint64(0, true));
    if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > byteLength) {
      throw broken(file, `its header claims ${headerBytes} bytes, the file has ${byteLength}`);
    }
    const header = new Uint8Array(headerBytes);
    await readExactly(handle, header, 8, () => broken(file, 'it ends inside its header'));
    return { path: file, handle, header, dataStart: 8 + headerBytes, byteLength };
  } catch (error) {
    await handle.close();
    throw error instanceof HiggsError ? error : broken(file, 'it cannot be read', error);
  }
}

function readHeader(file: OpenFile): StoredTensor[] {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.header));
  } catch (error) {
    throw broken(file.path, 'its header is not JSON', error);
  }
  if (typeof header !== 'object' || header === null) throw broken(file.path, 'its header names no tensors');
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, info]: [string, unknown]) => readTensorInfo(file, name, info));
  checkApart(file, tensors);
  return tensors;
}

/** No byte belongs to two tensors. */
function checkApart(file: OpenFile, tensors: readonly StoredTensor[]): void {
  const inOrder = tensors.filter(({ begin, end }) => end > begin).toSorted((a, b) => a.begin - b.begin);
  for (const [index, tensor] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next === undefined || next.begin >= tensor.end) continue;
    throw broken(file.path, `the tensors "${tensor.name}" and "${next.name}" overlap`);
  }
}

function readTensorInfo(file: OpenFile, name: string, info: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (info ?? {}) as Record<string, unknown>;
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw broken(file.path, `the header's entry for the tensor "${name}" is damaged`);
  }
  if (typeof dtype !== 'string' || !(dtype in BYTES_PER_ELEMENT)) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_UNSUPPORTED',
      `The tensor "${name}" of ${file.path} holds ${String(dtype)}; float32, float16 and bfloat16 are read.`,
    );
  }
  const type = dtype as TensorType;
  const [from, to] = [offsets[0]!, offsets[1]!];
  const expectedBytes = shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT[type]);
  if (to - from !== expectedBytes) {
    throw broken(file.path, `the tensor "${name}" has ${to - from} bytes, its shape asks for ${expectedBytes}`);
  }
  if (file.dataStart + to > file.byteLength) {
    const missing = file.dataStart + to - file.byteLength;
    throw broken(file.path, `it is cut off: ${missing} bytes of the tensor "${name}" are missing`);
  }
  return { name, type, shape, file, begin: file.dataStart + from, end: file.dataStart + to };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

/** Fills `target` from `position` on; throws what `cutOff` gives where the file ends before. */
async function readExactly(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  cutOff: () => HiggsError,
): Promise<void> {
  for (let done = 0; done < target.byteLength;) {
    const length = Math.min(MAX_READ_BYTES, target.byteLength - done);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) throw cutOff();
    done += bytesRead;
  }
}

async function closeAll(files: readonly OpenFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.handle.close()));
}

function broken(file: string, why: string, cause?: unknown): HiggsError {
  const more = cause === undefined ? undefined : { cause };
  return new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The checkpoint ${file} is broken: ${why}.`, more);
}
