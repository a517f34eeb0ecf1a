// Speaks what evaluate.py asks for with the shipped engine (`npm run build` first): one JSON request a line on
// standard input, {out, speak: a SpeakRequest} or {out, dialogue: {script, voices: {speaker: name}, …}}; the sound goes
// to the file `out`, and one line of JSON comes back, {stop: why it ended, words: their times where asked for} or {error: message}.
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { acquireEngine, encodeWav, parseDialogue } from '../dist/src/engine/index.js';

const { engine, release } = acquireEngine({});

async function speak(request) {
  if (!('dialogue' in request)) return engine.speak(request.speak);
  const { script, voices, ...rest } = request.dialogue;
  const cast = Object.entries(voices).map(([speaker, name]) => [speaker, { kind: 'named', name }]);
  return engine.dialogue({ lines: parseDialogue(script), voices: Object.fromEntries(cast), ...rest });
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = await speak(request).then(
    async ({ samples, stop, marks }) => {
      await writeFile(request.out, encodeWav(samples));
      return { stop, words: marks.flatMap(({ words }) => words ?? []) };
    },
    (error) => ({ error: error.message }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await release();
