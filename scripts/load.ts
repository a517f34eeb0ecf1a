/**
 * Clients that ask a speech server at once, again and again: `npm run load -- URL [VOICE] [--clients 1,4,16] [--seconds 20] [--repeat]`.
 * Prints, for each number of clients, how long the first sound took, how many seconds of sound were made in a second, how
 * often a client was told to come again, and how many requests failed. `--repeat`: all ask for the same, which a server that
 * keeps results makes once.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const TEXT = 'The washing machine has finished, and the kitchen window is still open.';
/** 24 kHz, 16 bits, mono. */
const BYTES_PER_SECOND = 48_000;

interface Heard {
  readonly firstSoundSeconds: number;
  readonly soundSeconds: number;
}

interface Load {
  readonly url: string;
  readonly voice: string | undefined;
  readonly seconds: number;
  readonly repeats: boolean;
}

interface Tally {
  readonly heard: Heard[];
  toldToWait: number;
  failed: number;
}

/** Undefined where the server had no place for the request; waits as long as it says. Rejects where it fails. */
async function listen({ url, voice }: Load, seed: number): Promise<Heard | undefined> {
  const startedMs = performance.now();
  const response = await fetch(`${url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.HIGGS_API_KEY ?? ''}` },
    body: JSON.stringify({ input: TEXT, response_format: 'pcm', seed, ...(voice === undefined ? {} : { voice }) }),
  });
  if (response.status === 429) {
    await response.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 1)));
    return undefined;
  }
  if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`);
  let firstMs = 0;
  let byteLength = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    if (byteLength === 0) firstMs = performance.now();
    byteLength += part.length;
  }
  return { firstSoundSeconds: (firstMs - startedMs) / 1000, soundSeconds: byteLength / BYTES_PER_SECOND };
}

async function load(how: Load, clients: number): Promise<string> {
  const startedMs = performance.now();
  const tally: Tally = { heard: [], toldToWait: 0, failed: 0 };
  // No result of an earlier run may answer.
  const firstSeed = randomInt(2 ** 31);
  const client = async (number: number) => {
    for (let turn = 0; performance.now() - startedMs < how.seconds * 1000; turn += 1) {
      try {
        const heard = await listen(how, how.repeats ? 0 : firstSeed + number + clients * turn);
        if (heard === undefined) tally.toldToWait += 1;
        else tally.heard.push(heard);
      } catch {
        tally.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, (_unused, number) => client(number)));
  return rowOf(clients, tally, (performance.now() - startedMs) / 1000);
}

function rowOf(clients: number, { heard, toldToWait, failed }: Tally, wallSeconds: number): string {
  const waits = heard.map(({ firstSoundSeconds }) => firstSoundSeconds).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]?.toFixed(2) ?? '–';
  const sound = heard.reduce((sum, { soundSeconds }) => sum + soundSeconds, 0);
  const cells = [clients, heard.length, at(0.5), at(0.95), (sound / wallSeconds).toFixed(2), toldToWait, failed];
  return `| ${cells.join(' | ')} |`;
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '1,4,16' },
      seconds: { type: 'string', default: '20' },
      repeat: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [url, voice] = positionals;
  if (url === undefined) throw new Error('npm run load -- URL [VOICE] [--clients 1,4,16] [--seconds 20]');
  const how = { url, voice, seconds: Number(values.seconds), repeats: values.repeat };
  await listen(how, 0);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(
    '| clients | speeches | first sound, median (s) | 95 % (s) | seconds of sound a second | told to wait | failed |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- |');
  for (const clients of values.clients.split(',').map(Number)) print(await load(how, clients));
}

void main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
