/** A hundred clients at once, a third of which go away before they have heard all. */
import { setTimeout as pause } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { engineOpener, until } from '../../engine-kit.js';
import { openHandles, openServer, postSpeech } from './server-kit.js';

const engine = engineOpener({ queueLimit: 200 })();
const TEXTS = ['Yes.', 'It is late.', 'The door is open.'];

interface Heard {
  readonly text: string;
  readonly bytes: Buffer;
}

async function speechRequest(index: number) {
  const voices = await engine.voices();
  const text = TEXTS[index % TEXTS.length]!;
  return { input: text, voice: voices[0]!.name, response_format: 'pcm', seed: 1 + (index % TEXTS.length) };
}

test('a hundred clients at once: whoever stays hears all of it, whoever goes costs nothing, and nothing is left', async () => {
  const server = await openServer(engine, { speechLimit: 200 });
  // What every client must hear; and all that is loaded once is loaded.
  const whole = new Map<string, Buffer>();
  for (const [index, text] of TEXTS.entries()) {
    const response = await postSpeech(server, await speechRequest(index));
    whole.set(text, Buffer.from(await response.arrayBuffer()));
  }
  await pause(100);
  const handles = openHandles();
  const before = memoryAfterCollection();

  const clients = await Promise.all(
    Array.from({ length: 100 }, async (_unused, index): Promise<Heard | undefined> => {
      const request = await speechRequest(index);
      const away = new AbortController();
      if (index % 3 === 1) {
        // At once, while it waits, while it hears.
        const leaveAfterMs = [0, 300, 3000][index % 9 === 1 ? 0 : index % 9 === 4 ? 1 : 2]!;
        setTimeout(() => away.abort(), leaveAfterMs);
      }
      try {
        const response = await postSpeech(server, request, {
          signal: away.signal,
          headers: { 'content-type': 'application/json', connection: 'close' },
        });
        expect(response.status).toBe(200);
        return { text: request.input, bytes: Buffer.from(await response.arrayBuffer()) };
      } catch (thrown) {
        if (away.signal.aborted) return undefined;
        throw thrown;
      }
    }),
  );

  const heard = clients.filter((client) => client !== undefined);
  expect(heard.length).toBeGreaterThanOrEqual(67);
  for (const { text, bytes } of heard) expect(bytes.equals(whole.get(text)!), text).toBe(true);
  await until(() => !engine.info().running && engine.info().waiting === 0);
  const metrics = await (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text();
  expect(metrics).toContain('higgs_speech_in_flight 0');
  expect(metrics).toMatch(/^higgs_speech_cancelled_total [1-9]/m);
  await until(() => openHandles() <= handles);
  expect(memoryAfterCollection() - before).toBeLessThan(20e6);
}, 120_000);

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Bytes in use, less what nobody holds. */
function memoryAfterCollection(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
