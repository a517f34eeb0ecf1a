import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Measurements } from '../../src/bench/figures.js';
import { SpeakingPeers } from '../../src/bench/speaking-peers.js';

let peersDir: string;
let told: string[];
const onProgress = (what: string): void => void told.push(what);

beforeEach(async () => {
  peersDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-peers-'));
  told = [];
});
afterEach(() => fs.rm(peersDir, { recursive: true }));

/** Stands where Python would, and is told the script, the peer, the folder and the threads. */
async function installStandIn(): Promise<void> {
  const file = path.join(peersDir, 'speech', 'bin', 'python');
  await fs.mkdir(path.dirname(file), { recursive: true });
  const script = `#!${process.execPath}
const [, name, , threads] = process.argv.slice(2);
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const task = JSON.parse(line);
  if (name === 'piper') console.log(JSON.stringify({ failed: "No module named 'piper'" }));
  else if (task.do === 'load') console.log(JSON.stringify({ milliseconds: [] }));
  else console.log(JSON.stringify({ spoken: { durationSeconds: task.text.length, workSeconds: Number(threads) } }));
});
`;
  await fs.writeFile(file, script, { mode: 0o755 });
}

test('voices that are not installed are passed over, each with a line', async () => {
  const peers = await SpeakingPeers.start({ peersDir, threads: 2, onProgress });
  const found = new Measurements();
  await peers.speakShort('Hello.', found);
  await peers.end();
  expect(told).toEqual(
    ['Kokoro-82M', 'Piper', 'hibari'].map((who) => `${who}: not installed in ${peersDir}, passed over`),
  );
  expect(found.figures).toEqual([]);
});

test('without a folder nobody is asked', async () => {
  const peers = await SpeakingPeers.start({ peersDir: undefined, threads: 2, onProgress });
  await peers.speakLong('Hello.', new Measurements());
  await peers.end();
  expect(told).toEqual([]);
});

test('those that load speak in turn, with the threads that are said; one that does not is passed over', async () => {
  await installStandIn();
  const peers = await SpeakingPeers.start({ peersDir, threads: 2, onProgress });
  const found = new Measurements();
  await peers.speakShort('Warm up.');
  await peers.speakShort('Hello.', found);
  await peers.speakLong('Hello there.', found);
  await peers.end();
  expect(told).toContain("Piper: No module named 'piper'; passed over");
  expect(found.figures.map(({ what, unit, median, count }) => [what, unit, median, count])).toEqual([
    ['Kokoro-82M: whole sound, 12 words', 's', 2, 1],
    ['hibari: whole sound, 12 words', 's', 2, 1],
    ['Kokoro-82M: speed with a sentence of about 10 s', 'times', 6, 1],
    ['hibari: speed with a sentence of about 10 s', 'times', 6, 1],
  ]);
});
