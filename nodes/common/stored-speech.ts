/** A stored sound in place of a spoken text: `sound:doorbell`. */
import {
  HiggsError,
  SAMPLE_RATE_HZ,
  encodeSound,
  type SpeakOptions,
  type SpeechEngine,
} from '../../src/engine/index.js';
import { readWav, resample } from '../../src/engine/package-api.js';
import type { NodeAPI } from './node-red.js';
import { soundNameIn, storedSoundsOf } from './stored-sounds.js';

type Speech = Awaited<ReturnType<SpeechEngine['speak']>>;

/** The engine, but for texts that name a stored sound: that is the result, at once, without a model. */
export function withStoredSounds(engine: SpeechEngine, red: NodeAPI): SpeechEngine {
  const speak: SpeechEngine['speak'] = (request, options) => {
    const name = soundNameIn(request.text);
    return name === undefined ? engine.speak(request, options) : storedSpeech(red, name, options);
  };
  return new Proxy(engine, {
    get: (target, key) => {
      if (key === 'speak') return speak;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Rejects with HIGGS_SOUND_MISSING, and with HIGGS_CLIP_UNREADABLE for what is no WAV file. */
async function storedSpeech(red: NodeAPI, name: string, { signal }: SpeakOptions = {}): Promise<Speech> {
  const startMs = performance.now();
  const { samples: mono, sampleRateHz } = readWav(await storedSoundsOf(red).read(name));
  if (signal?.aborted === true) throw new HiggsError('HIGGS_ABORTED', 'The message was stopped.');
  const samples = resample(mono, sampleRateHz, SAMPLE_RATE_HZ);
  const workSeconds = (performance.now() - startMs) / 1000;
  const result = {
    samples,
    sampleRateHz: SAMPLE_RATE_HZ,
    durationSeconds: samples.length / SAMPLE_RATE_HZ,
    workSeconds,
    firstSoundSeconds: workSeconds,
    frameCount: 0,
    seed: 0,
    voice: `sound:${name}`,
    stop: 'ended' as const,
    marks: [],
    retries: 0,
    cached: true,
  };
  return {
    ...result,
    encode: (format = 'wav16') => encodeSound(result, format),
    save: () => Promise.reject(new HiggsError('HIGGS_OUTPUT_UNWRITABLE', 'A stored sound is a file already.')),
  };
}
