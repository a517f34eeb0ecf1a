/** The client is the package that Home Assistant itself speaks the protocol with. */
import { openWyomingServer } from '@higgs-tts/node-red/service';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';
import { skipWithout } from '../../helpers/programs.js';

const run = promisify(execFile);
const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const WYOMING = 'wyoming==1.10.2';

/** A Python that has the package, in a folder of its own. */
async function pythonWithWyoming(): Promise<string> {
  const folder = path.join(temporaryFolder(), 'venv');
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  try {
    await run(PYTHON, ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', WYOMING]);
  } catch (cause) {
    throw new Error(`This test needs Python 3 with venv, and pip must be able to install ${WYOMING}.`, { cause });
  }
  return python;
}

test('the client of voice assistants finds the voices and hears whole texts and texts in parts', async (context) => {
  skipWithout(context, PYTHON);
  const python = await pythonWithWyoming();
  const engine = engineOpener({ model: SMALL_MODEL })();
  const options = { port: 0, languages: ['en', 'de'] };
  const server = await openWyomingServer({ engine: () => engine, owner: 'test' }, options);
  try {
    const client = path.join(__dirname, 'assistant.py');
    const { stdout } = await run(python, [client, '127.0.0.1', String(server.port)]);
    const voices = (await engine.voices()).map((voice) => voice.name);
    const facts = JSON.parse(stdout) as Record<'whole' | 'parts', { bytes: number; chunks: number }>;
    expect(facts).toMatchObject({
      pong: 'hello',
      voices,
      languages: ['en', 'de'],
      streaming: true,
      whole: { rate: 24_000 },
      parts: { rate: 24_000 },
    });
    expect(facts.whole.bytes).toBeGreaterThan(1000);
    expect(facts.parts.chunks).toBeGreaterThan(1);
  } finally {
    await server.close();
  }
}, 180_000);
