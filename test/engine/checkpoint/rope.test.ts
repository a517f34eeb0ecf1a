/** Rotary frequencies of configs by the keys of all versions; test/fixtures/rope/make.py wrote what the reference makes of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLanguageModelConfig } from '../../../src/engine/checkpoint/index.js';
import { inverseFrequencies } from '../../../src/engine/export/rotary.js';
import { temporaryFolder } from '../../engine-kit.js';

const FIXTURES = path.join(__dirname, '..', '..', 'fixtures');
type Json = Readonly<Record<string, unknown>>;
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8'));
const EXPECTED = read('rope/expected.json') as readonly { readonly keys: Json; readonly frequencies: number[] }[];
const CONVERTED = { ...(read('reference/small/model/config.json') as Json), rope_parameters: undefined };
const ORIGINAL = read('reference/wide-heads/model/config.json') as Json & { readonly text_config: Json };

function folderWith(config: Json): string {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

test.each(EXPECTED.map(({ keys, frequencies }) => [JSON.stringify(keys), keys, frequencies] as const))(
  'a config of the converted layout with %s has the reference’s frequencies',
  async (_name, keys, frequencies) => {
    const { rope } = await readLanguageModelConfig(folderWith({ ...CONVERTED, ...keys }));
    const found = inverseFrequencies(rope, 32);
    expect(found.length).toBe(frequencies.length);
    for (const [at, frequency] of frequencies.entries()) expect(found[at]! / frequency).toBeCloseTo(1, 6);
  },
);

test.each([
  ['no keys', {}, { type: 'default', theta: 10_000 }],
  ['rope_theta alone', { rope_theta: 20_000 }, { type: 'default', theta: 20_000 }],
  ['the newer keys', { rope_parameters: { rope_type: 'default', rope_theta: 5 } }, { type: 'default', theta: 5 }],
] as const)('a config of the original layout with %s is a Llama’s', async (_name, keys, rope) => {
  const none = { rope_theta: undefined, rope_scaling: undefined };
  const config = { ...ORIGINAL, text_config: { ...ORIGINAL.text_config, ...none, ...keys } };
  expect(await readLanguageModelConfig(folderWith(config))).toMatchObject({ rope });
});

test.each([
  [{ rope_parameters: { rope_type: 'yarn', factor: 4 } }, 'yarn'],
  [{ rope_scaling: { type: 'longrope', factor: 4 } }, 'longrope'],
  [{ rope_scaling: { rope_type: 'su' } }, 'su'],
  [{ rope_parameters: { full_attention: { rope_theta: 5 } } }, 'rope_parameters.full_attention'],
  [{ rope_parameters: { rope_theta: 5, mrope_section: [1, 2] } }, 'rope_parameters.mrope_section'],
  [{ rope_parameters: { rope_theta: 5, partial_rotary_factor: 0.5 } }, 'rope_parameters.partial_rotary_factor'],
  [{ partial_rotary_factor: 0.5, rope_parameters: { rope_theta: 5 } }, 'partial_rotary_factor'],
])('a config with %j is HIGGS_CHECKPOINT_UNSUPPORTED, and says what is not understood', async (keys, named) => {
  await expect(readLanguageModelConfig(folderWith({ ...CONVERTED, ...keys }))).rejects.toMatchObject({
    code: 'HIGGS_CHECKPOINT_UNSUPPORTED',
    message: expect.stringContaining(`"${named}"`) as unknown,
  });
});

test.each([
  [{ rope_parameters: 'llama3' }, 'rope_parameters'],
  [{ rope_scaling: 'linear', rope_theta: 5 }, 'rope_scaling'],
  [{ rope_scaling: ['linear', 2] }, 'rope_scaling'],
  [{ rope_scaling: 8 }, 'rope_scaling'],
  [{ rope_parameters: false }, 'rope_parameters'],
  [{ rope_parameters: '' }, 'rope_parameters'],
  // The one beside it is whole.
  [{ rope_scaling: { rope_type: 'linear', factor: 2 }, rope_parameters: 'llama3' }, 'rope_parameters'],
])('a config with %j is HIGGS_CHECKPOINT_BROKEN, in either layout, and says what is no table', async (keys, named) => {
  const original = { ...ORIGINAL, text_config: { ...ORIGINAL.text_config, rope_scaling: undefined, ...keys } };
  for (const config of [{ ...CONVERTED, ...keys }, original]) {
    await expect(readLanguageModelConfig(folderWith(config))).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining(`${named}"`) as unknown,
    });
  }
});
