import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openLanguageModelTensors,
  readCodecConfig,
  readLanguageModelConfig,
  resolveModelFolders,
} from '../../../src/engine/checkpoint/index.js';
import { openCodecTensors } from '../../../src/engine/checkpoint/codec-tensors.js';
import { canonicalName } from '../../../src/engine/checkpoint/language-model-tensors.js';
import { SMALL_ROPE } from '../../helpers/kit.js';
import { float32Tensor, writeSafetensors } from './make-safetensors.js';

const KITS = path.join(__dirname, '../../fixtures/reference');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-config-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function changeJson(file: string, change: Record<string, unknown>): void {
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...json, ...change }));
}

describe('language model configs', () => {
  test('the converted layout', async () => {
    expect(await readLanguageModelConfig(path.join(KITS, 'small/model'))).toEqual({
      layout: 'converted',
      layers: 3,
      hiddenSize: 64,
      heads: 4,
      keyValueHeads: 2,
      headDim: 16,
      feedForwardSize: 96,
      vocabularySize: 434,
      normEpsilon: 1e-5,
      rope: SMALL_ROPE,
      maxPositions: 2048,
      numCodebooks: 8,
      codebookSize: 66,
      bosCode: 64,
      eosCode: 65,
      audioTokenId: 426,
      audioDelayTokenId: 425,
      generation: { rasWindowFrames: 7, rasLimit: 2 },
    });
  });

  test('the original layout: nested sizes, codes counted without bos and eos, delay token by the tokenizer', async () => {
    expect(await readLanguageModelConfig(path.join(KITS, 'wide-heads/model'))).toEqual({
      layout: 'original',
      layers: 2,
      hiddenSize: 96,
      heads: 6,
      keyValueHeads: 3,
      headDim: 32,
      feedForwardSize: 160,
      vocabularySize: 434,
      normEpsilon: 1e-6,
      rope: {
        type: 'llama3',
        theta: 500_000,
        factor: 8,
        highFrequencyFactor: 4,
        lowFrequencyFactor: 1,
        originalMaxPositions: 64,
      },
      maxPositions: 131_072,
      numCodebooks: 8,
      codebookSize: 102,
      bosCode: 100,
      eosCode: 101,
      audioTokenId: 426,
      audioDelayTokenId: 425,
      generation: {},
    });
  });

  test('plain rotary embedding and twelve codebooks', async () => {
    expect(await readLanguageModelConfig(path.join(KITS, 'twelve-books/model'))).toMatchObject({
      rope: { type: 'default', theta: 10_000 },
      numCodebooks: 12,
      keyValueHeads: 1,
    });
  });

  test('heads that look at the token that sounds, where a checkpoint names them', async () => {
    cpSync(path.join(KITS, 'small/model/config.json'), path.join(dir, 'config.json'));
    changeJson(path.join(dir, 'config.json'), {
      alignment_heads: [
        [1, 0],
        [2, 3],
      ],
    });
    const { alignmentHeads } = await readLanguageModelConfig(dir);
    expect(alignmentHeads).toEqual([
      { layer: 1, head: 0 },
      { layer: 2, head: 3 },
    ]);
  });

  test.each([
    [{ model_type: 'llama' }, 'HIGGS_CHECKPOINT_UNSUPPORTED', 'llama'],
    [{ hidden_act: 'relu' }, 'HIGGS_CHECKPOINT_UNSUPPORTED', 'relu'],
    [{ rope_parameters: { rope_type: 'yarn' } }, 'HIGGS_CHECKPOINT_UNSUPPORTED', 'yarn'],
    [{ attention_bias: true }, 'HIGGS_CHECKPOINT_UNSUPPORTED', 'attention_bias'],
    [{ num_hidden_layers: 'three' }, 'HIGGS_CHECKPOINT_BROKEN', 'num_hidden_layers'],
    [{ hidden_size: null }, 'HIGGS_CHECKPOINT_BROKEN', 'hidden_size'],
    [{ alignment_heads: [] }, 'HIGGS_CHECKPOINT_BROKEN', 'alignment_heads'],
    [{ alignment_heads: [[1, 0], 2] }, 'HIGGS_CHECKPOINT_BROKEN', 'alignment_heads'],
    [{ alignment_heads: [[3, 0]] }, 'HIGGS_CHECKPOINT_BROKEN', 'alignment_heads'],
    [{ alignment_heads: [[0, 4]] }, 'HIGGS_CHECKPOINT_BROKEN', 'alignment_heads'],
    [{ alignment_heads: [[0, -1]] }, 'HIGGS_CHECKPOINT_BROKEN', 'alignment_heads'],
  ])('a config with %j is %s, and names %s', async (change, code, named) => {
    cpSync(path.join(KITS, 'small/model/config.json'), path.join(dir, 'config.json'));
    changeJson(path.join(dir, 'config.json'), change);
    await expect(readLanguageModelConfig(dir)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(named) as unknown,
    });
  });

  test.each([
    [{ audio_adapter_type: 'stack' }, 'stack'],
    [{ audio_dual_ffn_layers: [1] }, '1 of its 2 layers'],
    [{ audio_ffn_intermediate_size: 32 }, 'differ in size'],
  ])('an original config with %j is HIGGS_CHECKPOINT_UNSUPPORTED', async (change, named) => {
    cpSync(path.join(KITS, 'wide-heads/model/config.json'), path.join(dir, 'config.json'));
    changeJson(path.join(dir, 'config.json'), change);
    await expect(readLanguageModelConfig(dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_UNSUPPORTED',
      message: expect.stringContaining(named) as unknown,
    });
  });

  test('a config that is not JSON is named', async () => {
    writeFileSync(path.join(dir, 'config.json'), '{"model_type": ');
    await expect(readLanguageModelConfig(dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining(path.join(dir, 'config.json')) as unknown,
    });
  });
});

describe('language model tensors', () => {
  test.each([
    ['layers.3.audio_mlp.up_proj.weight', 'model.layers.3.audio_mlp.up_proj.weight', 'whole'],
    ['model.layers.3.mlp.up_proj.weight', 'model.layers.3.mlp.up_proj.weight', 'whole'],
    ['norm.weight', 'model.norm.weight', 'whole'],
    ['embed_tokens.embedding_frozen.weight', 'model.embed_tokens.weight', 'frozen'],
    ['embed_tokens.embedding_trainable.weight', 'model.embed_tokens.weight', 'trainable'],
    ['audio_codebook_embeddings.weight', 'model.embed_audio_tokens.embed_audio_tokens.weight', 'whole'],
    ['audio_decoder_proj.audio_lm_head.weight', 'audio_lm_head.weight', 'whole'],
    ['audio_decoder_proj.audio_lm_head.linear_trainable.weight', 'audio_lm_head.weight', 'trainable'],
    ['audio_decoder_proj.text_lm_head.weight', 'text_lm_head.weight', 'whole'],
  ])('%s is %s', (name, expected, part) => {
    expect(canonicalName(name)).toEqual({ name: expected, part });
  });

  test('a table saved as a frozen and a trained part is one table, read by rows across the seam', async () => {
    const model = path.join(KITS, 'small/model');
    const config = { ...(await readLanguageModelConfig(model)), layers: 0, vocabularySize: 5, hiddenSize: 2 };
    const audio = new Array<number>(config.numCodebooks * config.codebookSize * 2).fill(0.5);
    writeSafetensors(path.join(dir, 'model.safetensors'), {
      // The trained part comes first in the file; the order of rows is the names', not the file's.
      'embed_tokens.embedding_trainable.weight': float32Tensor([2, 2], [6, 7, 8, 9]),
      'embed_tokens.embedding_frozen.weight': {
        type: 'BF16',
        shape: [3, 2],
        bytes: new Uint8Array(Uint16Array.from([0, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0]).buffer),
      },
      'norm.weight': float32Tensor([2], [1, 1]),
      'audio_codebook_embeddings.weight': float32Tensor([audio.length / 2, 2], audio),
      'audio_decoder_proj.audio_lm_head.weight': float32Tensor([audio.length / 2, 2], audio),
    });
    const tensors = await openLanguageModelTensors(dir, config);
    const name = 'model.embed_tokens.weight';
    expect(tensors.entries.get(name)).toMatchObject({ shape: [5, 2], type: 'F32' });
    expect([...(await tensors.readFloat32(name))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...(await tensors.readFloat32(name, 2, 4))]).toEqual([4, 5, 6, 7]);
    expect([...new Float32Array((await tensors.readBytes(name, 2, 4)).buffer)]).toEqual([4, 5, 6, 7]);
    expect([...(await tensors.readFloat32(name, 3, 5))]).toEqual([6, 7, 8, 9]);
    await tensors.close();
  });

  test('a tensor of another shape than the config asks for is named with its file', async () => {
    const model = path.join(KITS, 'small/model');
    const config = { ...(await readLanguageModelConfig(model)), feedForwardSize: 97 };
    await expect(openLanguageModelTensors(model, config)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringMatching(/model\.safetensors.*mlp\.gate_proj.*\[96, 64\].*\[97, 64\]/) as unknown,
    });
  });

  test('a layer that is missing is named', async () => {
    const model = path.join(KITS, 'wide-heads/model');
    const config = { ...(await readLanguageModelConfig(model)), layers: 3 };
    await expect(openLanguageModelTensors(model, config)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('model.layers.2.') as unknown,
    });
  });
});

describe('codec configs', () => {
  test.each([
    ['small', 8, 64, 2],
    ['wide-heads', 8, 100, 3],
    ['twelve-books', 12, 48, 2],
  ])('%s has %i quantisers of %i codes', async (kit, numQuantizers, codebookSize, layers) => {
    expect(await readCodecConfig(path.join(KITS, kit, 'codec'))).toMatchObject({
      hopSamples: 960,
      framesPerSecond: 25,
      numQuantizers,
      codebookSize,
      semanticDownsampleFactor: 2,
      hubert: { layers, convNorm: 'group', stableLayerNorm: false },
    });
  });

  test('a folder of something else is HIGGS_CHECKPOINT_UNSUPPORTED', async () => {
    await expect(readCodecConfig(path.join(KITS, 'small/model'))).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_UNSUPPORTED',
    });
  });
});

describe('folders', () => {
  const small = path.join(KITS, 'small');

  test('a folder that holds model/ and codec/, or the model folder beside its codec', async () => {
    const found = { modelDir: path.join(small, 'model'), codecDir: path.join(small, 'codec') };
    expect(await resolveModelFolders(small)).toEqual(found);
    expect(await resolveModelFolders(path.join(small, 'model'))).toEqual(found);
  });

  test('two downloads of one publisher side by side', async () => {
    cpSync(path.join(small, 'model'), path.join(dir, 'higgs-audio-v2-generation-3B-base'), { recursive: true });
    cpSync(path.join(small, 'codec'), path.join(dir, 'higgs-audio-v2-tokenizer'), { recursive: true });
    expect(await resolveModelFolders(path.join(dir, 'higgs-audio-v2-generation-3B-base'))).toEqual({
      modelDir: path.join(dir, 'higgs-audio-v2-generation-3B-base'),
      codecDir: path.join(dir, 'higgs-audio-v2-tokenizer'),
    });
  });

  test('a codec of one’s own is taken, and is not looked for elsewhere', async () => {
    const codec = path.join(KITS, 'wide-heads/codec');
    expect((await resolveModelFolders(small, codec)).codecDir).toBe(codec);
    await expect(resolveModelFolders(small, dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
      message: expect.stringContaining(dir) as unknown,
    });
  });

  test('what is missing is said, with the places that were looked at', async () => {
    await expect(resolveModelFolders(dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
      message: expect.stringMatching(/language model/) as unknown,
    });
    mkdirSync(path.join(dir, 'alone'));
    cpSync(path.join(small, 'model'), path.join(dir, 'alone/here'), { recursive: true });
    await expect(resolveModelFolders(path.join(dir, 'alone/here'))).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
      message: expect.stringMatching(/codec/) as unknown,
    });
    renameSync(path.join(dir, 'alone/here'), path.join(dir, 'alone/model'));
    cpSync(path.join(small, 'codec'), path.join(dir, 'alone/codec'), { recursive: true });
    await expect(resolveModelFolders(path.join(dir, 'alone'))).resolves.toBeDefined();
  });
});

describe('numbers that no model can have', () => {
  const WRONG = [1e9, 1e308, 0, -1, 0.5, '7', [7], {}];
  const LANGUAGE_MODEL = [
    ...['num_hidden_layers', 'hidden_size', 'num_attention_heads', 'num_key_value_heads', 'head_dim', 'vocab_size'],
    ...['intermediate_size', 'max_position_embeddings', 'num_codebooks', 'codebook_size'],
  ];
  const CODEC = [
    'sample_rate',
    'semantic_sample_rate',
    'downsample_factor',
    'codebook_size',
    'codebook_dim',
    'kernel_size',
  ];
  const DAC = ['encoder_hidden_size', 'decoder_hidden_size', 'hidden_size'];
  const HUBERT = [
    ...['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size'],
    ...['num_conv_pos_embeddings', 'num_conv_pos_embedding_groups'],
  ];
  type Reader = (dir: string) => Promise<unknown>;
  const fields: readonly (readonly [part: string, field: string, within: string | undefined, read: Reader])[] = [
    ...LANGUAGE_MODEL.map((field) => ['small/model', field, undefined, readLanguageModelConfig] as const),
    ...CODEC.map((field) => ['small/codec', field, undefined, readCodecConfig] as const),
    ...DAC.map((field) => ['small/codec', field, 'acoustic_model_config', readCodecConfig] as const),
    ...HUBERT.map((field) => ['small/codec', field, 'semantic_model_config', readCodecConfig] as const),
  ];

  test.each(fields)('of %s, "%s" (in %s) are refused, and the field is named', async (part, field, within, read) => {
    const file = path.join(dir, 'config.json');
    const json = JSON.parse(readFileSync(path.join(KITS, part, 'config.json'), 'utf8')) as Record<string, object>;
    for (const value of WRONG) {
      const changed = within === undefined ? { [field]: value } : { [within]: { ...json[within], [field]: value } };
      writeFileSync(file, JSON.stringify({ ...json, ...changed }));
      const reading = read(dir);
      await expect(reading, JSON.stringify(value)).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
      await expect(reading, JSON.stringify(value)).rejects.toThrow(
        `"${within === undefined ? '' : `${within}.`}${field}"`,
      );
      await expect(reading, JSON.stringify(value)).rejects.toThrow(file);
    }
  });

  test.each([
    [{ num_key_value_heads: 3 }, 'num_key_value_heads'],
    [{ head_dim: 17 }, 'head_dim'],
    [{ head_dim: null, hidden_size: 65 }, 'head_dim'],
    [{ audio_token_id: 434 }, 'audio_token_id'],
    [{ audio_stream_bos_id: 66 }, 'audio_stream_bos_id'],
    [{ audio_stream_eos_id: 64 }, 'audio_stream_eos_id'],
    [{ rope_parameters: { rope_type: 'llama3', rope_theta: 0 } }, 'rope_parameters.rope_theta'],
  ])('a config with %j is refused for "%s"', async (change, field) => {
    cpSync(path.join(KITS, 'small/model/config.json'), path.join(dir, 'config.json'));
    changeJson(path.join(dir, 'config.json'), change);
    await expect(readLanguageModelConfig(dir)).rejects.toThrow(`"${field}"`);
  });

  test('a codec whose tensors are of other sizes than its config says is refused by the tensor’s name', async () => {
    cpSync(path.join(KITS, 'small/codec'), dir, { recursive: true });
    changeJson(path.join(dir, 'config.json'), { codebook_dim: 13 });
    const config = await readCodecConfig(dir);
    await expect(openCodecTensors(dir, config)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('"quantizer.quantizers.0.project_in.weight"') as unknown,
    });
  });
});
