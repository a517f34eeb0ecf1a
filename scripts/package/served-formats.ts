/** Which formats the package's own server gives, as it was installed: those of optional peers only where they are there. */
import path from 'node:path';
import { start, end } from '../demo/processes.js';

const STARTS = { wav: 'RIFF', flac: 'fLaC', mp3: '\u00ff', opus: 'OggS', pcm: '', aac: '\u00ff\u00f1' } as const;
type Format = keyof typeof STARTS;
const START_LIMIT_MS = 120_000;

/** `aac`: whether its packages are installed. Rejects with the first format that is not as it should be. */
export async function checkServedFormats(
  node: string,
  packageFolder: string,
  home: string,
  aac: boolean,
): Promise<void> {
  const main = path.join(packageFolder, 'dist', 'src', 'cli', 'main.js');
  const env = { ...process.env, HIGGS_CACHE_DIR: path.join(home, 'cache'), HIGGS_DATA_DIR: path.join(home, 'data') };
  const server = start(node, [main, 'serve', '--http', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await checkFormats(await addressOf(server), aac);
  } finally {
    await end(server);
  }
}

/** The same of a server that runs. `headers`: such as a key. */
export async function checkFormats(url: string, aac: boolean, headers: Record<string, string> = {}): Promise<void> {
  for (const format of Object.keys(STARTS) as Format[]) {
    const answer = await fetch(`${url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ input: 'The door is open.', response_format: format }),
    });
    if (format === 'aac' && !aac) await expectUnavailable(answer);
    else await expectSound(format, answer);
  }
}

async function expectSound(format: Format, answer: Response): Promise<void> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  const start = STARTS[format];
  if (!answer.ok || bytes.length < 1000 || bytes.toString('latin1', 0, start.length) !== start) {
    throw new Error(`${format}: ${answer.status}, ${bytes.length} bytes, ${bytes.toString('latin1', 0, 300)}`);
  }
}

async function expectUnavailable(answer: Response): Promise<void> {
  const told = await answer.text();
  const names = ['HIGGS_FORMAT_UNAVAILABLE', 'npm install mediabunny @mediabunny/aac-encoder'];
  if (answer.status !== 400 || !names.every((name) => told.includes(name))) {
    throw new Error(`aac without its packages: ${answer.status} ${told.slice(0, 300)}`);
  }
}

function addressOf(server: ReturnType<typeof start>): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = '';
    const late = setTimeout(() => reject(new Error(`The server did not start in time: ${told}`)), START_LIMIT_MS);
    server.stderr?.setEncoding('utf8').on('data', (part: string) => {
      told += part;
      const [url] = /http:\/\/[\d.:]+/.exec(told) ?? [];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    });
    server.once('exit', (status) => {
      clearTimeout(late);
      reject(new Error(`The server ended with ${status}: ${told}`));
    });
  });
}
