/** `higgs-tts voices`. */
import { UsageError, type Values } from './command-line.js';
import { withEngine } from './engine-session.js';

export async function voices(values: Values, texts: readonly string[]): Promise<void> {
  if (texts.length > 0) throw new UsageError('voices takes no texts.');
  const known = await withEngine(values, ({ engine }) => engine.voices());
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify(known)}\n`);
    return;
  }
  const width = Math.max(...known.map(({ name }) => name.length));
  for (const { name, origin, description, transcript } of known) {
    const about = [description, transcript === undefined ? undefined : `"${transcript}"`].filter(Boolean).join('; ');
    process.stdout.write(`${name.padEnd(width)}  ${origin}  ${about}\n`);
  }
}
