/** The formats of weights that are compared. */
import { AUDIO_HEAD } from '../../src/engine/checkpoint/index.js';
import type { AccuracyLevel, WeightFormat } from '../../src/engine/export/projection.js';
import type { WeightBits } from '../../src/engine/options.js';

export interface Variant {
  readonly name: string;
  readonly bits: WeightBits;
  /** Left out: as the engine exports these bits. */
  readonly formatOf?: (product: string) => WeightFormat;
  /** Of keys and values. Left out: as the engine keeps them where weights are as exported, else 32. */
  readonly cacheBits?: 32;
}

type Format = NonNullable<WeightFormat>;

function format(bits: 4 | 8, blockSize: number, accuracyLevel: AccuracyLevel): Format {
  return { bits, blockSize, accuracyLevel };
}

/** All products in one format but the head, and but those that `others` gives another. */
function mostly(
  usual: Format,
  others: (product: string) => { readonly format: WeightFormat } | undefined = () => undefined,
): (product: string) => WeightFormat {
  return (product) => {
    const other = others(product);
    if (other !== undefined) return other.format;
    return product === AUDIO_HEAD ? undefined : usual;
  };
}

/** `format` where the product's name matches. */
function where(pattern: RegExp, format: WeightFormat) {
  return (product: string): { readonly format: WeightFormat } | undefined =>
    pattern.test(product) ? { format } : undefined;
}

/** Every format for a model of so many layers; float32 is what they are compared with and not among them. */
export function variantsFor(layers: number): Variant[] {
  const [int4, int8] = [format(4, 32, 4), format(8, 32, 4)];
  const [large4, large8] = [format(4, 128, 4), format(8, 128, 4)];
  const even = (bits: 4 | 8, blockSize: number, level: AccuracyLevel): Variant => ({
    name: `int${bits} (${blockSize}, ${level})`,
    bits,
    formatOf: mostly(format(bits, blockSize, level)),
  });
  const blocks = ([8, 4] as const).flatMap((bits) =>
    [32, 64, 128].flatMap((blockSize) => [even(bits, blockSize, 4), even(bits, blockSize, 0)]),
  );
  const first = /layers\.0\./;
  const last = new RegExp(`layers\\.${layers - 1}\\.`);
  const ends = new RegExp(`layers\\.(0|${layers - 1})\\.`);
  const attention = /\.(qkv|o)$/;
  const endsOfAudio = new RegExp(`layers\\.(0|${layers - 1})\\.audio_mlp`);
  const endsNotText = new RegExp(`layers\\.(0|${layers - 1})\\.(qkv|o|audio_mlp)|^audio_lm_head`);
  const chosen = new RegExp(`${endsOfAudio.source}|${attention.source}|^audio_lm_head`);
  const kept = (what: string, pattern: RegExp): Variant => ({
    name: `int4 (32, 4), ${what} in int8`,
    bits: 4,
    formatOf: mostly(int4, where(pattern, int8)),
  });
  const mixed: Variant[] = [
    { name: 'int8 (32, 4), head in int8 too', bits: 8, formatOf: () => int8 },
    kept('head', /^audio_lm_head/),
    kept('attention', attention),
    kept('down', /\.down$/),
    kept('audio FFN', /audio_mlp/),
    kept('text FFN', /\.mlp\./),
    kept('first layer', first),
    kept('last layer', last),
    kept('first and last layer', ends),
    kept('attention, head, audio FFN of first and last layer', chosen),
    { name: 'int4 (32, 4), first and last layer whole', bits: 4, formatOf: mostly(int4, where(ends, undefined)) },
    {
      name: 'int4 (128, 4), attention in int8',
      bits: 4,
      formatOf: mostly(large4, where(attention, large8)),
    },
    {
      name: 'int4 (128, 4), head, first and last layer but their text FFNs in int8',
      bits: 4,
      formatOf: mostly(large4, where(endsNotText, large8)),
    },
    {
      name: 'int4 (128, 4), attention, head, audio FFN of first and last layer in int8',
      bits: 4,
      formatOf: mostly(large4, where(chosen, large8)),
    },
  ];
  const shipped = ([8, 4] as const).flatMap((bits): Variant[] => [
    { name: `--bits ${bits}, as exported`, bits },
    { name: `--bits ${bits}, keys and values whole`, bits, cacheBits: 32 },
  ]);
  return [...shipped, ...blocks, ...mixed];
}
