/** Voices of others, where `scripts/peers/install.sh` has put them: what the engine speaks they speak in the same round. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from '../engine/package-files.js';
import { Contender } from './contender.js';
import { timesRealTime, type Measurements } from './figures.js';
import * as names from './names.js';

/** What each is called on the command line of `scripts/peers/speech_contender.py`, by name. */
const PEERS = { [names.KOKORO]: 'kokoro', [names.PIPER]: 'piper', [names.HIBARI]: 'hibari' } as const;

export interface SpeakingPeersOptions {
  /** Left out: none speak. */
  readonly peersDir: string | undefined;
  /** Processor threads of each, one of them at work at a time. */
  readonly threads: number;
  readonly onProgress: (what: string) => void;
}

export class SpeakingPeers {
  private constructor(
    private readonly contenders: readonly Contender[],
    private readonly onProgress: (what: string) => void,
  ) {}

  /** Loads those that are there; the others are passed over, with a line that says so. */
  static async start({ peersDir, threads, onProgress }: SpeakingPeersOptions): Promise<SpeakingPeers> {
    const loaded: Contender[] = [];
    if (peersDir === undefined) return new SpeakingPeers(loaded, onProgress);
    const python = path.join(peersDir, 'speech', 'bin', 'python');
    const script = path.join(PACKAGE_DIR, 'scripts', 'peers', 'speech_contender.py');
    for (const [name, argument] of Object.entries(PEERS)) {
      if (!existsSync(python)) {
        onProgress(`${name}: not installed in ${peersDir}, passed over`);
        continue;
      }
      onProgress(`${name}: loading`);
      const contender = Contender.start(name, python, [script, argument, peersDir, String(threads)]);
      try {
        await contender.ask({ do: 'load' });
        loaded.push(contender);
      } catch (error) {
        await contender.end();
        onProgress(`${error instanceof Error ? error.message : String(error)}; passed over`);
      }
    }
    return new SpeakingPeers(loaded, onProgress);
  }

  /** A short text, one after the other. `found` left out: to warm up, not counted. */
  async speakShort(text: string, found?: Measurements): Promise<void> {
    for (const who of this.contenders) {
      this.onProgress(`${who.name}: speaks a short sentence`);
      const { workSeconds } = await who.speak(text);
      found?.add(names.wholeSoundOf(who.name), 's', workSeconds);
    }
  }

  /** The same with a long one. */
  async speakLong(text: string, found?: Measurements): Promise<void> {
    for (const who of this.contenders) {
      this.onProgress(`${who.name}: speaks a long sentence`);
      const { durationSeconds, workSeconds } = await who.speak(text);
      found?.add(names.speedOf(who.name), 'times', timesRealTime(durationSeconds, workSeconds));
    }
  }

  /** Settles when all are gone and their memory is free. */
  async end(): Promise<void> {
    await Promise.all(this.contenders.map((contender) => contender.end()));
  }
}
