import { ftruncateSync, mkdtempSync, openSync, closeSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTensors } from '../../../src/engine/checkpoint/index.js';
import { float32Tensor, safetensorsBytes, writeSafetensors } from './make-safetensors.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-tensors-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
const single = (): string => path.join(dir, 'model.safetensors');

/** What opening `dir` or reading a tensor of it fails with. */
async function failure(read?: string): Promise<unknown> {
  try {
    const tensors = await openTensors(dir);
    try {
      if (read !== undefined) await tensors.readFloat32(read);
    } finally {
      await tensors.close();
    }
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

describe('reading by ranges', () => {
  test('rows of a tensor are the rows of the whole tensor', async () => {
    const values = Array.from({ length: 5 * 6 }, (_, i) => i * 1.5 - 7);
    writeSafetensors(single(), { first: float32Tensor([1], [3]), grid: float32Tensor([5, 2, 3], values) });
    const tensors = await openTensors(dir);
    expect(tensors.entries.get('grid')).toMatchObject({ type: 'F32', shape: [5, 2, 3] });
    expect([...(await tensors.readFloat32('grid'))]).toEqual(values);
    expect([...(await tensors.readFloat32('grid', 2, 4))]).toEqual(values.slice(12, 24));
    expect([...(await tensors.readFloat32('first'))]).toEqual([3]);
    await tensors.close();
  });

  test('bfloat16 and float16 become the float32 numbers they stand for', async () => {
    const half = Uint16Array.from([0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x8400, 0x7c00]);
    const brain = Uint16Array.from([0x0000, 0x3f80, 0xc000, 0x4049]);
    writeSafetensors(single(), {
      half: { type: 'F16', shape: [7], bytes: new Uint8Array(half.buffer) },
      brain: { type: 'BF16', shape: [4], bytes: new Uint8Array(brain.buffer) },
    });
    const tensors = await openTensors(dir);
    expect([...(await tensors.readFloat32('half'))]).toEqual([0, 1, -2, 65504, 2 ** -24, -(2 ** -14), Infinity]);
    expect([...(await tensors.readFloat32('brain'))]).toEqual([0, 1, -2, 3.140625]);
    await tensors.close();
  });

  test('a bfloat16 number is a float32 number cut after its upper half, whatever the bits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint16Array({ minLength: 1, maxLength: 50 }), async (halves) => {
        const bytes = new Uint8Array(halves.buffer.slice(halves.byteOffset, halves.byteOffset + halves.byteLength));
        writeSafetensors(single(), { brain: { type: 'BF16', shape: [halves.length], bytes } });
        const tensors = await openTensors(dir);
        const numbers = await tensors.readFloat32('brain');
        await tensors.close();
        const view = new DataView(new ArrayBuffer(4));
        expect([...numbers]).toEqual(
          [...halves].map((upper) => (view.setUint32(0, upper * 0x10000), view.getFloat32(0))),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('a tensor that lies behind 4 GiB is read from where it lies', async () => {
    const farBytes = 5 * 2 ** 30;
    const made = safetensorsBytes({ gap: { type: 'U8', shape: [0], bytes: new Uint8Array(0) } }, (header) => {
      header['gap'] = { dtype: 'U8', shape: [farBytes], data_offsets: [0, farBytes] };
      header['far'] = { dtype: 'F32', shape: [2, 1], data_offsets: [farBytes, farBytes + 8] };
    });
    const file = openSync(single(), 'w');
    writeSync(file, made);
    ftruncateSync(file, made.byteLength + farBytes); // a hole: takes no room on the disk
    writeSync(file, Buffer.from(Float32Array.of(1.25, -2.5).buffer), 0, 8, made.byteLength + farBytes);
    closeSync(file);
    const tensors = await openTensors(dir);
    expect([...(await tensors.readFloat32('far'))]).toEqual([1.25, -2.5]);
    expect([...(await tensors.readFloat32('far', 1, 2))]).toEqual([-2.5]);
    await tensors.close();
  });

  test('shards with an index are one checkpoint', async () => {
    writeSafetensors(path.join(dir, 'a.safetensors'), { x: float32Tensor([1], [1]) });
    writeSafetensors(path.join(dir, 'b.safetensors'), { y: float32Tensor([2], [2, 3]) });
    writeFileSync(
      path.join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: 'a.safetensors', y: 'b.safetensors' } }),
    );
    const tensors = await openTensors(dir);
    expect([...tensors.entries.keys()].sort()).toEqual(['x', 'y']);
    expect([...(await tensors.readFloat32('y'))]).toEqual([2, 3]);
    expect(tensors.locate('y')).toBe(path.join(dir, 'b.safetensors'));
    await tensors.close();
  });
});

describe('broken checkpoints', () => {
  test('a folder without a checkpoint is HIGGS_CHECKPOINT_MISSING', async () => {
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
      message: expect.stringContaining(single()) as unknown,
    });
  });

  test('a file cut off names itself and the tensor', async () => {
    const whole = safetensorsBytes({ first: float32Tensor([2], [1, 2]), last: float32Tensor([4], [1, 2, 3, 4]) });
    writeFileSync(single(), whole.subarray(0, whole.byteLength - 5));
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: `The checkpoint ${single()} is broken: it is cut off: 5 bytes of the tensor "last" are missing.`,
    });
  });

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['a header longer than the file', Buffer.from([255, 255, 0, 0, 0, 0, 0, 0, 123, 125])],
    ['a header that is not JSON', Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('nope')])],
    ['a header that is no object', Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('null')])],
  ])('%s is HIGGS_CHECKPOINT_BROKEN', async (_what, bytes) => {
    writeFileSync(single(), bytes);
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining(single()) as unknown,
    });
  });

  test.each([
    ['a byte range that does not fit the shape', { dtype: 'F32', shape: [3], data_offsets: [0, 8] }],
    ['a negative offset', { dtype: 'F32', shape: [2], data_offsets: [-8, 0] }],
    ['no shape', { dtype: 'F32', data_offsets: [0, 8] }],
  ])('%s names the tensor', async (_what, entry) => {
    writeFileSync(
      single(),
      safetensorsBytes({ odd: float32Tensor([2], [1, 2]) }, (header) => {
        header['odd'] = entry as never;
      }),
    );
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('"odd"') as unknown,
    });
  });

  test('a type that is not read is HIGGS_CHECKPOINT_UNSUPPORTED', async () => {
    writeSafetensors(single(), { tiny: { type: 'F8_E4M3', shape: [4], bytes: new Uint8Array(4) } });
    expect(await failure()).toMatchObject({ code: 'HIGGS_CHECKPOINT_UNSUPPORTED' });
  });

  test('a tensor that is not there, or holds no floats, is named', async () => {
    writeSafetensors(single(), { ids: { type: 'I64', shape: [1], bytes: new Uint8Array(8) } });
    expect(await failure('other')).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('"other"') as unknown,
    });
    expect(await failure('ids')).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('"ids"') as unknown,
    });
  });

  test('a missing shard is named', async () => {
    writeFileSync(
      path.join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: 'gone.safetensors' } }),
    );
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('gone.safetensors') as unknown,
    });
  });

  test('a shard that lacks what the index says it holds is named with the tensor', async () => {
    writeSafetensors(path.join(dir, 'a.safetensors'), { x: float32Tensor([1], [1]) });
    writeFileSync(
      path.join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: 'a.safetensors', y: 'a.safetensors' } }),
    );
    expect(await failure()).toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringMatching(/a\.safetensors.*"y"/) as unknown,
    });
  });

  test('an index may not name files outside its folder', async () => {
    writeFileSync(
      path.join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { x: '../x.safetensors' } }),
    );
    expect(await failure()).toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
  });
});

test('the fingerprint changes with one weight and stays with a copy', async () => {
  const print = async (values: readonly number[]): Promise<string> => {
    writeSafetensors(single(), { x: float32Tensor([4], values) });
    const tensors = await openTensors(dir);
    const found = await tensors.fingerprint();
    await tensors.close();
    return found;
  };
  const first = await print([1, 2, 3, 4]);
  expect(await print([1, 2, 3, 4])).toBe(first);
  expect(await print([1, 2, 3, 5])).not.toBe(first);
});

test('tensors that share bytes are HIGGS_CHECKPOINT_BROKEN, and both are named', async () => {
  const tensor = float32Tensor([4], [1, 2, 3, 4]);
  const bytes = safetensorsBytes({ first: tensor, second: tensor }, (header) => {
    header.second!.data_offsets = [8, 24];
  });
  writeFileSync(path.join(dir, 'model.safetensors'), bytes);
  await expect(openTensors(dir)).rejects.toMatchObject({
    code: 'HIGGS_CHECKPOINT_BROKEN',
    message: expect.stringContaining('"first" and "second" overlap') as unknown,
  });
});

test('a whole file counts, whatever index and shards of another layout lie beside it', async () => {
  writeSafetensors(path.join(dir, 'model.safetensors'), { ours: float32Tensor([2], [1, 2]) });
  writeSafetensors(path.join(dir, 'model-00001-of-00001.safetensors'), { theirs: float32Tensor([1], [3]) });
  const index = { weight_map: { theirs: 'model-00001-of-00001.safetensors' } };
  writeFileSync(path.join(dir, 'model.safetensors.index.json'), JSON.stringify(index));
  const tensors = await openTensors(dir);
  expect([...tensors.entries.keys()]).toEqual(['ours']);
  expect([...(await tensors.readFloat32('ours'))]).toEqual([1, 2]);
  await tensors.close();
});
