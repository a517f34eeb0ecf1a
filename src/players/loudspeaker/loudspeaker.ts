/** This machine's loudspeaker, by whichever program can play on it. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { volumeGain } from '../../engine/package-api.js';
import { partsOf, wholeOf } from '../collect.js';
import { LOUDSPEAKER, type PROGRAM_CHOICES } from '../options.js';
import type { Player, PlayOptions, SoundSource } from '../types.js';
import { chooseProgram, findPrograms, type FoundProgram } from './find.js';
import { runPlayer } from './run.js';
import { atGain, open, pcmOfWav, withHeader, type Pcm } from './samples.js';

export interface LoudspeakerOptions {
  readonly program: (typeof PROGRAM_CHOICES)[number];
  /** As the program names it; left out: its own choice. */
  readonly device?: string;
}

/** How long it is remembered which programs are there. */
const REMEMBER_MS = 30_000;
let remembered: { readonly untilMs: number; readonly programs: Promise<readonly FoundProgram[]> } | undefined;

/** As {@link findPrograms}, asked once in a while. */
export function programsHere(nowMs = Date.now()): Promise<readonly FoundProgram[]> {
  if (remembered === undefined || remembered.untilMs < nowMs) {
    remembered = { untilMs: nowMs + REMEMBER_MS, programs: findPrograms() };
  }
  return remembered.programs;
}

export function openLoudspeaker({ program, device }: LoudspeakerOptions): Player {
  const key = [LOUDSPEAKER, program, device ?? ''].join(' ');
  return {
    key,
    name: LOUDSPEAKER,
    play: (source, options) => play(source, options, program, device),
    rest: () => Promise.resolve(),
  };
}

async function play(
  source: SoundSource,
  { signal, volume = 100 }: PlayOptions,
  choice: LoudspeakerOptions['program'],
  device: string | undefined,
): Promise<void> {
  const gain = volumeGain(volume);
  const pcm = source.kind === 'url' ? undefined : source.pcm;
  const { isWav, parts } =
    pcm === undefined ? await open(partsOf(source, signal)) : { isWav: true, parts: partsOf(source, signal) };
  const { program, command } = chooseProgram(await programsHere(), choice, !isWav);
  const asked = { gain, ...(device === undefined ? {} : { device }) };
  const run = (more: { input: AsyncIterable<Uint8Array>; shape?: Pcm['shape'] } | { file: string }) =>
    runPlayer({ program, command, args: program.args({ ...asked, ...more }), signal, ...more });
  if (!isWav && program.takes !== 'file') {
    await run({ input: parts });
    return;
  }
  if (!isWav) {
    const { bytes, extension } = await wholeOf({ kind: 'chunks', chunks: parts }, signal);
    await withFile(bytes, extension, (file) => run({ file }));
    return;
  }
  const { shape, samples } = pcm === undefined ? await pcmOfWav(parts) : { shape: pcm, samples: parts };
  // What a program makes of a volume of its own is not asked: the samples are there, and are multiplied.
  asked.gain = 1;
  const loud = atGain(samples, shape, gain);
  if (program.takes === 'pcm') await run({ input: loud, shape });
  else if (program.takes === 'wav') await run({ input: withHeader(loud, shape), shape });
  else {
    const { bytes, extension } = await wholeOf({ kind: 'chunks', chunks: loud, pcm: shape }, signal);
    await withFile(bytes, extension, (file) => run({ file }));
  }
}

async function withFile(bytes: Uint8Array, extension: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-play-'));
  try {
    const file = path.join(folder, `sound.${extension}`);
    await fs.writeFile(file, bytes, { mode: 0o600 });
    await use(file);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
