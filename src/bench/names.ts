/** What is measured, by name: as the table shows it and the goals find it. */

export const OWN = 'higgs-tts';
export const LLAMA = 'llama.cpp';
export const TORCH = 'PyTorch';
export const KOKORO = 'Kokoro-82M';
export const PIPER = 'Piper';
export const HIBARI = 'hibari';

/** Positions before a step. */
export const STEPS = [128, 512, 1500] as const;
/** Positions of a prompt. */
export const PREFILLS = [64, 300] as const;
/** Sequences in one batch, at {@link BATCH_POSITIONS} positions. */
export const BATCHES = [1, 2, 4, 8] as const;
export const BATCH_POSITIONS = 128;

export const stepAt = (who: string, positions: number): string => `${who}: step at ${positions} positions`;
export const prefillOf = (who: string, positions: number): string => `${who}: prefill of ${positions} positions`;
export const framesInBatch = (sequences: number): string => `${OWN}: step of ${sequences} in a batch`;

/** Twelve words, from text to the last sample: voices that give a sentence whole are not heard before. */
export const wholeSoundOf = (who: string): string => `${who}: whole sound, 12 words`;
/** From text to the last sample of a sentence of about ten seconds. */
export const speedOf = (who: string): string => `${who}: speed with a sentence of about 10 s`;

export const CODEC = { decode: 'codec: 1 s of sound', encode: 'codec: codes of a 10 s clip' } as const;
export const BANDWIDTH = 'memory read';
export const ENGINE = {
  loading: "engine: loading, files in the system's cache",
  firstSound: 'engine: first sound, 12 words, a voice used before',
  wholeSound: wholeSoundOf('engine'),
  speed: speedOf('engine'),
  laterSpeed: 'engine: speed with the fourth such sentence',
  memory: 'engine: most memory of the speech process',
} as const;
