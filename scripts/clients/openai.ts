/** OpenAI's JavaScript client against a server: `node openai.js BASE`; started by run.sh. */
import OpenAI from 'openai';
import { isObject } from '../../src/engine/package-api.js';

const INPUT = 'Dinner is ready, and the window is open.';
/** 24 kHz, 16 bits, mono. */
const BYTES_PER_SECOND = 48_000;

async function main([baseURL]: readonly string[]): Promise<void> {
  const client = new OpenAI({ baseURL: baseURL!, apiKey: 'a-key-for-clients', maxRetries: 0 });
  for (const response_format of ['mp3', 'opus', 'aac', 'wav', 'flac', 'pcm'] as const) {
    const asked = { model: 'tts-1', voice: 'alloy', input: INPUT, response_format, speed: 1 };
    const { byteLength } = await (await client.audio.speech.create(asked)).arrayBuffer();
    if (byteLength < 5000) throw new Error(`${response_format} has ${byteLength} bytes`);
  }
  const streamed = await client.audio.speech.create({
    model: 'gpt-4o-mini-tts',
    voice: 'nova',
    input: INPUT,
    response_format: 'pcm',
    stream_format: 'sse',
  });
  const events = (await streamed.text()).split('\n\n').flatMap((event): unknown[] => {
    return event.startsWith('data: ') ? [JSON.parse(event.slice('data: '.length))] : [];
  });
  const audio = events.map((event) => (isObject(event) && typeof event['audio'] === 'string' ? event['audio'] : ''));
  const seconds = audio.reduce((sum, data) => sum + Buffer.from(data, 'base64').length, 0) / BYTES_PER_SECOND;
  if (seconds < 1) throw new Error(`the events hold ${seconds} s of sound`);
  const names = [];
  for await (const { id } of client.models.list()) names.push(id);
  process.stdout.write(`${JSON.stringify({ models: names, events: events.length, seconds })}\n`);
}

void main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
