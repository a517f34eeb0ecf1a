/** The package as it is used: a process of its own, a queue, a prompt. Beside it, voices of others with the same sentences. */
import { readFile } from 'node:fs/promises';
import { acquireEngine, type EngineOptions } from '../engine/index.js';
import { timesRealTime, type Measurements } from './figures.js';
import * as names from './names.js';
import type { SpeakingPeers } from './speaking-peers.js';

/** A sentence of more work than this is spoken once. */
const LATER_SECONDS = 3;
const TWELVE_WORDS = 'The washing machine is done, and dinner is ready in ten minutes.';
const TEN_SECONDS =
  'The sun rises in the east and sets in the west, and this simple fact has been observed by people for thousands of years, wherever they lived and worked.';

export interface SpeechOptions {
  readonly engine: EngineOptions;
  readonly rounds: number;
  readonly onProgress: (what: string) => void;
}

/** Loading, first sound, speed and memory of the engine, and speed of `peers`: each sentence by everyone before the next one. */
export async function measureSpeech(
  { engine: engineOptions, rounds, onProgress }: SpeechOptions,
  peers: SpeakingPeers,
  found: Measurements,
): Promise<void> {
  const voices = await acquireVoice(engineOptions);
  let peakMegabytes: number | undefined;
  for (let round = 0; round <= rounds; round++) {
    onProgress(`engine: round ${round} of ${rounds}`);
    const { engine, release } = acquireEngine({ ...engineOptions, speechCacheMegabytes: 0 });
    try {
      const begun = performance.now();
      await engine.preload();
      const loading = (performance.now() - begun) / 1000;
      // What is found for the first time goes into caches.
      await engine.speak({ text: 'Good morning.', voice: voices, seed: 1, maxSeconds: 1 });
      // Sound that nobody takes as it comes is kept until its piece is whole.
      const heard = { onChunk: () => undefined };
      const short = await engine.speak({ text: TWELVE_WORDS, voice: voices, seed: 1, maxSeconds: 6 }, heard);
      if (round === 0) {
        await peers.speakShort(TWELVE_WORDS);
        await peers.speakLong(TEN_SECONDS);
        continue;
      }
      found.add(names.ENGINE.loading, 's', loading);
      found.add(names.ENGINE.firstSound, 's', short.firstSoundSeconds);
      found.add(names.ENGINE.wholeSound, 's', short.workSeconds);
      await peers.speakShort(TWELVE_WORDS, found);
      const speakLong = () => engine.speak({ text: TEN_SECONDS, voice: voices, seed: round, maxSeconds: 12 });
      const long = await speakLong();
      peakMegabytes = await peakMemory(engine.info().workerPid, engine.info().residentBytes);
      found.add(names.ENGINE.speed, 'times', timesRealTime(long.durationSeconds, long.workSeconds));
      await peers.speakLong(TEN_SECONDS, found);
      // A process that has spoken for a while is quicker; a slow one's fourth sentence takes too long to wait for.
      if (long.workSeconds < LATER_SECONDS) {
        let later = long;
        for (let sentence = 2; sentence <= 4; sentence++) later = await speakLong();
        found.add(names.ENGINE.laterSpeed, 'times', timesRealTime(later.durationSeconds, later.workSeconds));
        await peers.speakLong(TEN_SECONDS, found);
      }
      if (peakMegabytes !== undefined) found.add(names.ENGINE.memory, 'MB', peakMegabytes);
    } finally {
      await release();
    }
  }
}

/** A voice that every model has: that of the first embedded clip. */
async function acquireVoice(options: EngineOptions) {
  const { engine, release } = acquireEngine(options);
  try {
    const [voice] = await engine.voices();
    return voice === undefined ? ({ kind: 'any' } as const) : ({ kind: 'named', name: voice.name } as const);
  } finally {
    await release();
  }
}

/** The most that a process ever had, where the system tells (Linux), else what it has. */
async function peakMemory(pid: number | undefined, residentBytes: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  if (kilobytes !== undefined) return (Number(kilobytes) * 1024) / 1e6;
  return residentBytes === undefined ? undefined : residentBytes / 1e6;
}
