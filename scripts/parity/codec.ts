/** Comparisons of the codec: waves to features and codes, codes to sound. */
import { openTensors, type CodecConfig } from '../../src/engine/checkpoint/index.js';
import { codeFrames, type CodeFrames, type FrameShape } from '../../src/engine/codes.js';
import { applyDelay } from '../../src/engine/delay-pattern.js';
import { ENCODER_LATENTS, ENCODER_SEMANTIC_FEATURES } from '../../src/engine/export/codec-encoder.js';
import { exportCodec } from '../../src/engine/export/codec.js';
import { encoderInputs, openCodec, type LoadedCodec } from '../../src/engine/runtime/codec.js';
import { openSession, type RuntimeSession } from '../../src/engine/runtime/session.js';
import { resample } from '../../src/engine/sound/index.js';
import { near, same, type Finding } from './findings.js';
import type { Kit } from './kit.js';
import { clipsIn, readQuantizers, sameCodes, type Quantizer } from './nearest.js';
import { byFrames } from './words.js';

/** Of waveforms and features. */
export const WAVE_LIMIT = 1e-4;

/** What a clip becomes. */
interface Encoded {
  readonly frames: CodeFrames;
  /** [states, hidden] of HuBERT. */
  readonly features: Float32Array;
  /** [frames, hidden]: what was quantised. */
  readonly latents: Float32Array;
}

/** A kit's codec as the engine runs it, and what its encoder computes on the way. */
export class KitCodec {
  private constructor(
    readonly codec: LoadedCodec,
    private readonly config: CodecConfig,
    private readonly encoder: RuntimeSession,
    private readonly quantizers: readonly Quantizer[],
  ) {}

  static async open(codecDir: string, cacheDir: string): Promise<KitCodec> {
    const codec = await openCodec({ codecDir, cacheDir, device: 'cpu', threads: 1 });
    const { config, encoderFile } = await exportCodec({ codecDir, cacheDir });
    const tensors = await openTensors(codecDir);
    const quantizers = await readQuantizers(tensors, config);
    await tensors.close();
    const encoder = await openSession(encoderFile, { device: 'cpu', threads: 1 });
    return new KitCodec(codec, config, encoder, quantizers);
  }

  async close(): Promise<void> {
    await this.codec.close();
    await this.encoder.close();
  }

  private async encode(wave: Float32Array): Promise<Encoded> {
    const frames = await this.codec.encode(wave);
    const names = [ENCODER_SEMANTIC_FEATURES, ENCODER_LATENTS] as const;
    const inner = await this.encoder.run(encoderInputs(wave, this.config), names);
    const [features, latents] = names.map((name) => inner[name]!.data as Float32Array);
    return { frames, features: features!, latents: latents! };
  }

  /** Wave `index` of the kit's codec part, to features and codes and back to sound. */
  async checkClip(kit: Kit, index: number): Promise<Finding[]> {
    const { samples, frames, decoded_samples: decodedSamples } = kit.expected.codec[index]!;
    const where = `${samples} samples`;
    const wave = kit.floats(`codec.${index}.wave`).values;
    const expectedCodes = byFrames(kit, `codec.${index}.codes`);
    const found = await this.encode(wave);
    const heard = resample(wave, this.config.sampleRateHz, this.config.semanticSampleRateHz);
    const decoded = await this.codec.decode(expectedCodes);
    return [
      same('lengths', where, [found.frames.frameCount, decoded.length], [frames, decodedSamples]),
      near('resampling', where, heard, kit.floats(`codec.${index}.resampled`).values, { limit: WAVE_LIMIT }),
      near('semantic features', where, found.features, kit.floats(`codec.${index}.semantic`).values, {
        limit: WAVE_LIMIT,
      }),
      sameCodes('codes', where, found.frames, expectedCodes, found.latents, this.quantizers),
      nearOfPeak('decoded sound', where, decoded, kit.floats(`codec.${index}.decoded`).values),
    ];
  }

  async checkRandomCodes(kit: Kit): Promise<Finding[]> {
    const decoded = await this.codec.decode(byFrames(kit, 'codec.random.codes'));
    return [nearOfPeak('random codes’ sound', '', decoded, kit.floats('codec.random.decoded').values)];
  }

  /** The kit's waves that conversations hold, encoded. */
  async encodeWaves(kit: Kit): Promise<ReadonlyMap<number, Encoded>> {
    const waves = new Map<number, Encoded>();
    for (const { waves: used } of Object.values(kit.expected.conversations)) {
      for (const wave of used) {
        if (!waves.has(wave)) waves.set(wave, await this.encode(kit.floats(`wave.${wave}`).values));
      }
    }
    return waves;
  }

  /** A conversation's waves as codes with the delay pattern. */
  checkReferenceCodes(kit: Kit, name: string, shape: FrameShape, encoded: ReadonlyMap<number, Encoded>): Finding[] {
    const { waves } = kit.expected.conversations[name]!;
    if (waves.length === 0) return [];
    const what = 'delayed reference codes';
    const clips = waves.map((wave) => encoded.get(wave)!);
    const expectedRows = kit.ints(`${name}.audio_input_ids`).values;
    const { numCodebooks } = shape;
    const frameCounts = clips.map(({ frames }) => frames.frameCount);
    const expected = clipsIn(expectedRows, numCodebooks, frameCounts).map((codes) => codeFrames(numCodebooks, codes));
    // Codes are compared clip by clip, where ties may be; the pattern around them as it is.
    const pattern = expected.flatMap((clip) => Array.from(applyDelay(clip, shape).codes));
    return [
      ...clips.map(({ frames, latents }, clip) =>
        sameCodes(what, `${name}, wave ${waves[clip]!}`, frames, expected[clip]!, latents, this.quantizers),
      ),
      same(what, `${name}, pattern`, pattern, expectedRows, numCodebooks),
    ];
  }
}

function nearOfPeak(what: string, where: string, found: Float32Array, expected: Float32Array): Finding {
  return near(what, where, found, expected, { limit: WAVE_LIMIT, ofPeak: true });
}
