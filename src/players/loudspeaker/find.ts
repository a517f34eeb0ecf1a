/** Which of the programs are there, and which one plays. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../../engine/index.js';
import type { PROGRAM_CHOICES } from '../options.js';
import { PROGRAMS, type PlayerProgram } from './programs.js';
import { ask } from './run.js';

export interface FoundProgram {
  readonly program: PlayerProgram;
  /** The whole path. */
  readonly command: string;
  /** Whether it has a device to play on, as far as that is known. */
  readonly isReady: boolean;
}

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** All that are there, preferred ones first. */
export async function findPrograms({ env, platform }: Surroundings = process): Promise<readonly FoundProgram[]> {
  const found = await Promise.all(
    PROGRAMS.map(async (program): Promise<FoundProgram | undefined> => {
      const command = await which(program.command, env, platform);
      if (command === undefined) return undefined;
      const { probe } = program;
      if (probe === undefined) return { program, command, isReady: true };
      const asked = path.join(path.dirname(command), probe.command);
      return { program, command, isReady: probe.says.test((await ask(asked, probe.args)) ?? '') };
    }),
  );
  return found.filter((program) => program !== undefined);
}

/**
 * The program that plays: the chosen one, or, of those that are there, the first with a device to play on that can
 * (`mustDecode`: MP3 and the like). Throws HIGGS_PLAYER_MISSING, HIGGS_SOUND_UNPLAYABLE.
 */
export function chooseProgram(
  found: readonly FoundProgram[],
  choice: (typeof PROGRAM_CHOICES)[number],
  mustDecode = false,
): FoundProgram {
  const able = found.filter(({ program }) => program.decodes || !mustDecode);
  if (choice !== 'auto') {
    const chosen = found.find(({ program }) => program.name === choice);
    if (chosen === undefined)
      throw new HiggsError('HIGGS_PLAYER_MISSING', `The program ${choice} is not on this machine.`);
    if (able.includes(chosen)) return chosen;
    throw new HiggsError('HIGGS_SOUND_UNPLAYABLE', `The program ${choice} plays WAV alone, and the sound is none.`);
  }
  // A named device can make a program able to play that found no device by itself.
  const best = able.find(({ isReady }) => isReady) ?? able[0];
  if (best !== undefined) return best;
  if (found.length > 0) {
    const names = found.map(({ program }) => program.name).join(', ');
    throw new HiggsError(
      'HIGGS_SOUND_UNPLAYABLE',
      `Of the programs on this machine (${names}) none plays what is no WAV.`,
    );
  }
  const names = PROGRAMS.map(({ name }) => name).join(', ');
  throw new HiggsError('HIGGS_PLAYER_MISSING', `No program that plays sound is on this machine; known are: ${names}.`);
}

async function which(command: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<string | undefined> {
  const isWindows = platform === 'win32';
  const folders = (env.PATH ?? '').split(isWindows ? ';' : ':').filter((folder) => folder !== '');
  for (const folder of folders) {
    const file = path.join(folder, isWindows ? `${command}.exe` : command);
    if (
      await fs.access(file, fs.constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
