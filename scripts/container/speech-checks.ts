/** What both the image and the add-on must do: speak over HTTP, for voice assistants, and over MQTT. */
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../demo/processes.js';
import { checkSound, type Sound } from '../demo/wav-check.js';
import type { Login } from '../home-assistant/broker.js';
import { expect } from '../home-assistant/report.js';
import { Results } from '../home-assistant/results.js';
import { fetchSound } from '../home-assistant/sound-check.js';
import { SERVER_URL } from './container.js';

export const BROKER_PORT = 1883;
export const LOGIN: Login = { username: 'announcer', password: 'p:@ w' };
export const KEY = 'a-key-for-checks';
export const WITH_KEY = { authorization: `Bearer ${KEY}` };

const ASSISTANT = path.join(__dirname, '..', '..', '..', 'test', 'service', 'wyoming', 'assistant.py');
const BYTES_PER_SECOND = 2 * 24_000;

/** Asks for a WAV file and puts it at `file`. */
export async function speakTo(file: string, input: string): Promise<Sound> {
  const answer = await fetch(`${SERVER_URL}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...WITH_KEY },
    body: JSON.stringify({ input, voice: 'ella', response_format: 'wav', stream: false }),
  });
  expect(answer.ok, `${answer.status} ${answer.ok ? '' : await answer.text()}`);
  fs.writeFileSync(file, new Uint8Array(await answer.arrayBuffer()));
  return checkSound(file);
}

/** By the `wyoming` package itself: the voices, a whole text, and one that comes in parts. */
export async function askWyoming(folder: string): Promise<string> {
  const python = path.join(folder, 'venv', 'bin', 'python');
  const told = JSON.parse(await run(python, [ASSISTANT, '127.0.0.1', '10200'], {})) as {
    voices: string[];
    languages: string[];
    whole: { bytes: number };
    parts: { bytes: number };
  };
  const seconds = [told.whole, told.parts].map(({ bytes }) => bytes / BYTES_PER_SECOND);
  expect(
    told.voices.length > 0 && seconds.every((length) => length > 0.5),
    `${told.voices.length} voices, ${seconds.join(' and ')} s`,
  );
  const lengths = seconds.map((length) => length.toFixed(2)).join(' and ');
  return `${told.voices.length} voices, languages ${told.languages.join(', ')}, ${lengths} s of sound`;
}

/** Has `announcer` speak by the broker, and fetches the sound from where it says. */
export async function announce(folder: string, announcer: string): Promise<string> {
  const results = new Results(`mqtt://127.0.0.1:${BROKER_PORT}`, announcer, LOGIN);
  await results.listen();
  try {
    const text = `The washing machine of ${announcer} has finished.`;
    await results.publish({ text });
    const { url } = await results.of(text, 'done');
    const file = path.join(folder, `${announcer}.wav`);
    fs.writeFileSync(file, await fetchSound(url!));
    return `${url!}, ${(await checkSound(file)).seconds.toFixed(2)} s`;
  } finally {
    await results.close();
  }
}
