/**
 * Clients that ask a speech server at once, again and again: `npm run load -- URL [VOICE]`. Prints, for each number of
 * clients, how long the first sound took and how many seconds of sound were made in a second.
 */

const TEXT = 'The washing machine has finished, and the kitchen window is still open.';
const CLIENTS = [1, 4, 16];
const SECONDS = 20;
/** 24 kHz, 16 bits, mono. */
const BYTES_PER_SECOND = 48_000;

interface Heard {
  readonly firstSoundSeconds: number;
  readonly soundSeconds: number;
}

async function listen(url: string, voice: string | undefined, seed: number): Promise<Heard> {
  const startedMs = performance.now();
  const response = await fetch(`${url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.HIGGS_API_KEY ?? ''}` },
    body: JSON.stringify({ input: TEXT, response_format: 'pcm', seed, ...(voice === undefined ? {} : { voice }) }),
  });
  if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`);
  let firstMs = 0;
  let byteLength = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    if (byteLength === 0) firstMs = performance.now();
    byteLength += part.length;
  }
  return { firstSoundSeconds: (firstMs - startedMs) / 1000, soundSeconds: byteLength / BYTES_PER_SECOND };
}

async function load(url: string, voice: string | undefined, clients: number): Promise<string> {
  const startedMs = performance.now();
  const heard: Heard[] = [];
  const client = async (number: number) => {
    for (let turn = 0; performance.now() - startedMs < SECONDS * 1000; turn += 1) {
      heard.push(await listen(url, voice, number + clients * turn));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_unused, number) => client(number)));
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const waits = heard.map(({ firstSoundSeconds }) => firstSoundSeconds).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))]!.toFixed(2);
  const sound = heard.reduce((sum, { soundSeconds }) => sum + soundSeconds, 0);
  return `| ${clients} | ${heard.length} | ${at(0.5)} | ${at(0.95)} | ${(sound / wallSeconds).toFixed(2)} |`;
}

async function main([url, voice]: readonly string[]): Promise<void> {
  if (url === undefined) throw new Error('npm run load -- URL [VOICE]');
  await listen(url, voice, 0);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print('| clients | speeches | first sound, median (s) | 95 % (s) | seconds of sound a second |');
  print('| --- | --- | --- | --- | --- |');
  for (const clients of CLIENTS) print(await load(url, voice, clients));
}

void main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
