/**
 * A speech server elsewhere, asked by a flow: packs and installs the package, boots the real Node-RED, and has it speak through
 * the server a plain text, one in a cloned voice, a dialogue of two, and four texts at once; then, where it may, the server is
 * killed in mid-speech.
 *
 *     npm run build
 *     node dist/scripts/peers/through-node-red.js http://127.0.0.1:8631/v1 [PID]
 *
 * PID: the server's process group (scripts/peers/vllm-omni.sh leads one where it is started by setsid). The sound is in
 * peers-output/. The way to the server leads through a counter, which sees how many requests it is asked at a time.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeRed, type FlowNode } from '../demo/node-red.js';
import { install, pack } from '../demo/palette.js';
import { say, step } from '../demo/progress.js';
import { runInTemporaryHome } from '../demo/temporary-home.js';
import { checkSound } from '../demo/wav-check.js';
import { RequestCounter } from './request-counter.js';

const PACKAGE = '@higgs-tts/node-red';
const ANSWER_LIMIT_MS = 30 * 60_000;
/** Of one at a time: a kind of server that mixes the requests of a batch (src/engine/remote/kinds.ts). */
const MOST_AT_ONCE = 1;
/** So long the server has worked on a sound when it is killed. */
const KILL_AFTER_MS = 2000;

const root = path.join(__dirname, '..', '..', '..');
const outputDir = path.join(root, 'peers-output');

interface Spoken {
  readonly seconds: number;
  readonly workSeconds: number;
  readonly stop: string;
  readonly retries: number;
  readonly voice: string;
}

/** What the flow shows of one message. */
type Outcome = { readonly spoken: Spoken } | { readonly error: { readonly code?: string; readonly message: string } };

const SPEAKERS = [
  { speaker: 'SPEAKER0', voice: 'ella', voiceType: 'voice', pan: 0 },
  { speaker: 'SPEAKER1', voice: 'robert', voiceType: 'voice', pan: 0 },
];

const TEXTS = {
  plain: 'The front door has been opened.',
  cloned: 'Dinner is ready, and the table is laid.',
  dialogue: 'SPEAKER0: Is the coffee ready?\nSPEAKER1: Yes, and the sun is out.',
  'at-once-1': 'The washing machine has finished.',
  'at-once-2': 'Someone is at the garden gate.',
  'at-once-3': 'It will rain in the afternoon.',
  'at-once-4': 'The last bus leaves at ten.',
  killed: 'This sentence is meant to be cut short, for nobody will be there any more to speak the end of it.',
} as const;
type Name = keyof typeof TEXTS;

/** For each text: inject -> synthesize or dialogue -> file -> debug, and a catch node for them all. */
function flowFor(address: string): FlowNode[] {
  const speaks = (name: Name) => {
    const common = { id: `speak-${name}`, engine: 'engine', cache: false, wires: [[`file-${name}`]] };
    if (name === 'dialogue') return { ...common, type: 'higgs-dialogue', speakers: SPEAKERS };
    const voice = name === 'plain' ? {} : { voice: 'ella', voiceType: 'voice' };
    return { ...common, type: 'higgs-synthesize', ...voice };
  };
  const rows = (Object.keys(TEXTS) as Name[]).flatMap((name) => [
    {
      id: name,
      type: 'inject',
      payload: TEXTS[name],
      payloadType: 'str',
      props: [{ p: 'payload' }],
      wires: [[`speak-${name}`]],
    },
    speaks(name),
    {
      ...{ id: `file-${name}`, type: 'file', filename: fileOf(name), filenameType: 'str', encoding: 'none' },
      ...{ appendNewline: false, createDir: true, overwriteFile: 'true', wires: [[`told-${name}`]] },
    },
    {
      id: `told-${name}`,
      type: 'debug',
      active: true,
      tosidebar: true,
      complete: 'higgs',
      targetType: 'msg',
      wires: [],
    },
  ]);
  const shown: FlowNode[] = [
    ...rows,
    { id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['caught']] },
    { id: 'caught', type: 'debug', active: true, tosidebar: true, complete: 'error', targetType: 'msg', wires: [] },
  ];
  return [
    { id: 'tab', type: 'tab', label: 'speech elsewhere' },
    { id: 'engine', type: 'higgs-engine', remoteUrls: address, remoteFallBack: false },
    // Without a place it would be taken for a node of settings, and a catch node among those catches nothing.
    ...shown.map((node, at) => ({ ...node, z: 'tab', x: 100, y: 40 * (1 + at) })),
  ];
}

function fileOf(name: Name): string {
  return path.join(outputDir, `${name}.wav`);
}

/** Outcomes as the debug sidebar shows them, in the order in which they are shown. */
class Outcomes {
  private readonly seen: { readonly node: string; readonly outcome: Outcome }[] = [];

  take(node: string, message: unknown): void {
    const outcome = node === 'caught' ? { error: message as { message: string } } : { spoken: message as Spoken };
    this.seen.push({ node, outcome });
  }

  /** That of `name`, or of whichever message failed: each is pressed when those before it are done. */
  async of(name: Name): Promise<Outcome> {
    const limit = Date.now() + ANSWER_LIMIT_MS;
    for (;;) {
      const at = this.seen.findIndex(({ node }) => node === `told-${name}` || node === 'caught');
      if (at >= 0) return this.seen.splice(at, 1)[0]!.outcome;
      if (Date.now() > limit) throw new Error('There was no answer in time.');
      await sleep(200);
    }
  }
}

async function main(home: string): Promise<number> {
  const [address, pid] = process.argv.slice(2);
  if (address === undefined) throw new Error('through-node-red takes the address of a speech server.');
  const counter = await RequestCounter.open(address);
  try {
    return await checkAll(home, counter, pid === undefined ? undefined : Number(pid));
  } finally {
    await counter.close();
  }
}

async function checkAll(home: string, counter: RequestCounter, group: number | undefined): Promise<number> {
  const userDir = path.join(home, 'user-dir');
  const tarball = await step('Packed the package', () => pack(root, home));
  await step('Installed it into a clean user directory', () => install(tarball, userDir));
  const nodeRed = await step('Started Node-RED', () => NodeRed.start(userDir));
  await nodeRed.checkPackage(PACKAGE);
  await step('The server answers', () => untilAnswers(counter.address));
  await fs.mkdir(outputDir, { recursive: true });
  const outcomes = new Outcomes();
  const stopWatching = await nodeRed.watch((event) => {
    if (event.topic === 'debug') outcomes.take(event.node, event.message);
  });
  await nodeRed.deploy(flowFor(counter.address));

  let failed = 0;
  const check = async (what: string, work: () => Promise<void>) => {
    say();
    say(`  ${what}`);
    try {
      await work();
    } catch (thrown) {
      failed += 1;
      say(`      FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  };
  const hear = async (name: Name) => {
    await tell(name, await outcomes.of(name));
  };
  for (const name of ['plain', 'cloned', 'dialogue'] as const) {
    await check(`${name}: ${TEXTS[name].replaceAll('\n', ' / ')}`, async () => {
      await nodeRed.press(name);
      await hear(name);
    });
  }
  await check('four at once', async () => {
    const names = ['at-once-1', 'at-once-2', 'at-once-3', 'at-once-4'] as const;
    await Promise.all(names.map((name) => nodeRed.press(name)));
    for (const name of names) await hear(name);
    say(`      asked  ${counter.most} at a time`);
    if (counter.most > MOST_AT_ONCE) throw new Error('The server was asked too much at a time.');
  });
  if (group !== undefined) await check('killed in mid-speech', () => kill(group, nodeRed, counter, outcomes));
  stopWatching();
  await nodeRed.stop();
  say();
  say(failed === 0 ? 'all passed' : `${failed} failed`);
  return failed;
}

/** A server that was just started loads its model first. */
async function untilAnswers(address: string): Promise<void> {
  const limit = Date.now() + ANSWER_LIMIT_MS;
  for (;;) {
    const answers = await fetch(`${address}/models`).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) return;
    if (Date.now() > limit) throw new Error('The server does not answer.');
    await sleep(2000);
  }
}

async function tell(name: Name, outcome: Outcome): Promise<void> {
  if ('error' in outcome) throw new Error(`${outcome.error.code ?? ''} ${outcome.error.message}`);
  const { seconds, workSeconds, stop, retries, voice } = outcome.spoken;
  const sound = await checkSound(fileOf(name));
  say(`      voice  ${voice}`);
  say(`      sound  ${seconds.toFixed(2)} s, ${sound.loudnessDb.toFixed(0)} dB, ${stop}, ${retries} asked for again`);
  say(`      work   ${workSeconds.toFixed(1)} s`);
}

/** The server's group is ended while it speaks: an error of the servers' own, in the Catch node. */
async function kill(group: number, nodeRed: NodeRed, counter: RequestCounter, outcomes: Outcomes): Promise<void> {
  await nodeRed.press('killed');
  await counter.untilAsked();
  await sleep(KILL_AFTER_MS);
  process.kill(-group, 'SIGKILL');
  const outcome = await outcomes.of('killed');
  if ('spoken' in outcome) throw new Error('It was spoken all the same.');
  const { code, message } = outcome.error;
  say(`      error  ${code ?? 'without a code'}: ${message}`);
  if (code?.startsWith('HIGGS_REMOTE_') !== true) throw new Error('That is no error of the servers.');
}

void runInTemporaryHome('higgs-peers-', main);
