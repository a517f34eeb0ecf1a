/** `higgs-tts read`. */
import type { Reading } from '../engine/index.js';
import { textOf, type Values } from './command-line.js';
import { withEngine } from './engine-session.js';
import { reading, textToSay } from './say.js';

export async function read(values: Values, texts: readonly string[]): Promise<void> {
  const voice = textOf(values, 'voice');
  const request = { text: await textToSay(texts), ...reading(values), ...(voice === undefined ? {} : { voice }) };
  const result = await withEngine(values, ({ engine, signal, progress }) =>
    engine.read(request, { signal, onProgress: (event) => progress.show(event) }),
  );
  process.stdout.write(values.json === true ? `${JSON.stringify(result)}\n` : linesOf(result));
  for (const note of result.notes) process.stderr.write(`higgs-tts: ${note}\n`);
}

/** A segment a line; a pause that the text asks for has a line of its own. */
function linesOf({ segments }: Reading): string {
  const lines = segments.flatMap(({ text, pauseSeconds }) => [
    ...(text === '' ? [] : [text.replaceAll('\n', ' ')]),
    ...(pauseSeconds > 0 ? [`[pause ${pauseSeconds} s]`] : []),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}
