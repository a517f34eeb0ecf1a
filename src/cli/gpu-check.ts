/** `higgs-tts gpu-check`. */
import { writeFile } from 'node:fs/promises';
import { gpuCheck as check, reportText, withoutDeviceText } from '../gpu-check/index.js';
import { numberOf, textOf, UsageError, type Values } from './command-line.js';
import { engineOptions } from './engine-session.js';

const MINUTES = 7.5;

export async function gpuCheck(values: Values, texts: readonly string[]): Promise<void> {
  if (texts.length > 0) throw new UsageError('gpu-check takes no texts.');
  const minutes = numberOf(values, 'minutes') ?? MINUTES;
  if (minutes <= 0) throw new UsageError('--minutes takes a number above 0.');
  const found = await check({
    engine: engineOptions(values),
    minutes,
    isQuick: values['quick'] === true,
    onProgress: (what) => process.stderr.write(`${what}\n`),
  });
  process.stdout.write('noDevice' in found ? withoutDeviceText(found.noDevice) : reportText(found));
  const file = textOf(values, 'json');
  if (file !== undefined) await writeFile(file, `${JSON.stringify(found, undefined, 2)}\n`);
}
