/** A hundred clients at once, a third of which go away before they have heard all. */
import { encodeWav } from '@higgs-tts/node-red/engine';
import type { HttpServer } from '@higgs-tts/node-red/service';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { engineOpener, until } from '../../engine-kit.js';
import { openHandles, openServer, postSpeech } from './server-kit.js';

const engine = engineOpener({ queueLimit: 200 })();
const WAV_HEADER_BYTES = 44;
const TEXTS = ['Yes.', 'No.', 'It is late.'];

async function speechRequest(index: number) {
  const voices = await engine.voices();
  const text = TEXTS[index % TEXTS.length]!;
  return { input: text, voice: voices[0]!.name, response_format: 'pcm', seed: 1 + (index % TEXTS.length) };
}

/** So many ask at once; a third goes away, at once, while it waits, or while it hears. Gives how many stayed. */
async function askAtOnce(count: number, server: HttpServer, whole: ReadonlyMap<string, Buffer>): Promise<number> {
  const stayed = await Promise.all(
    Array.from({ length: count }, async (_unused, index) => {
      const request = await speechRequest(index);
      const away = new AbortController();
      const leaveAfterMs = [0, 300, 2000][Math.floor(index / 3) % 3]!;
      const leaving = index % 3 === 1 ? setTimeout(() => away.abort(), leaveAfterMs) : undefined;
      try {
        const headers = { 'content-type': 'application/json', connection: 'close' };
        const response = await postSpeech(server, request, { signal: away.signal, headers });
        expect(response.status).toBe(200);
        const bytes = Buffer.from(await response.arrayBuffer());
        expect(bytes.equals(whole.get(request.input)!), request.input).toBe(true);
        return true;
      } catch (thrown) {
        if (away.signal.aborted) return false;
        throw thrown;
      } finally {
        clearTimeout(leaving);
      }
    }),
  );
  await until(() => !engine.info().running && engine.info().waiting === 0);
  return stayed.filter(Boolean).length;
}

test('a hundred clients at once: whoever stays hears all of it, whoever goes costs nothing, and nothing is left', async () => {
  const server = await openServer(engine, { speechLimit: 200 });
  const whole = new Map<string, Buffer>();
  for (const [index, text] of TEXTS.entries()) {
    const { samples } = await engine.speak({
      text,
      voice: { kind: 'named', name: (await engine.voices())[0]!.name },
      seed: 1 + index,
    });
    whole.set(text, Buffer.from(encodeWav(samples)).subarray(WAV_HEADER_BYTES));
  }
  const handles = openHandles();
  // What is kept for good, such as compiled code, is there after the first time; a leak grows each time.
  expect(await askAtOnce(20, server, whole)).toBeGreaterThanOrEqual(13);
  const before = memoryAfterCollection();
  expect(await askAtOnce(100, server, whole)).toBeGreaterThanOrEqual(67);

  const metrics = await (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text();
  expect(metrics).toContain('higgs_speech_in_flight 0');
  expect(metrics).toMatch(/^higgs_speech_cancelled_total [1-9]/m);
  await until(() => openHandles() <= handles);
  // Whoever went at the last moment may still be on their way out; what leaks stays for good.
  await until(() => memoryAfterCollection() - before < 10e6);
}, 120_000);

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Bytes in use, less what nobody holds. */
function memoryAfterCollection(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
