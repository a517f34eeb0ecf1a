/**
 * From a fresh install to sound, as the README says it: installs what npm packs into a clean user directory with nothing in
 * npm's cache, boots the real Node-RED, deploys the flows that ship for loudspeakers, presses their buttons, and records what
 * is heard: on ALSA's file device by aplay, and on gmediarender, a UPnP player that is found in the network by its name.
 *
 *     npm run hear      needs aplay and gmediarender; two recordings in hear-output/
 */
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { encodeSound, readSound, SAMPLE_RATE_HZ } from '../src/engine/index.js';
import { Answers } from './demo/answers.js';
import { NodeRed, type FlowNode } from './demo/node-red.js';
import { install, pack } from './demo/palette.js';
import { start } from './demo/processes.js';
import { say, step } from './demo/progress.js';
import { runInTemporaryHome } from './demo/temporary-home.js';
import { checkSound } from './demo/wav-check.js';
import { holds } from './hear/likeness.js';
import { alsaConfig, fileDevice, recordingRenderer } from './hear/recorders.js';

const PACKAGE = '@higgs-tts/node-red';
/** From `npm install` until a sentence has been heard to its end. */
const LIMIT_SECONDS = 300;
/** No real player of this house has that name. */
const RENDERER = `higgs ${process.pid}`;

const root = path.join(__dirname, '..', '..');
const outputDir = path.join(root, 'hear-output');

/** One player, the example flow that plays on it, and what is chosen in the dialog of its play sound. */
interface Listener {
  readonly name: string;
  readonly title: string;
  readonly example: string;
  readonly button: string;
  readonly chosen: Readonly<Record<string, string>>;
}

const LISTENERS: readonly Listener[] = [
  {
    name: 'aplay',
    title: "aplay on ALSA's file device",
    example: 'play',
    button: 'say hello',
    chosen: { program: 'aplay', device: 'heard' },
  },
  {
    name: 'gmediarender',
    title: 'gmediarender, found by SSDP',
    example: 'loudspeaker-in-the-network',
    button: 'dinner',
    // The example's 40 % is 28 dB down there: too quiet to tell it from silence.
    chosen: { player: RENDERER, volume: '100' },
  },
];

async function hear(home: string): Promise<number> {
  // npm's own cache would make this faster than it is for somebody new.
  process.env.npm_config_cache = path.join(home, 'npm-cache');
  const userDir = path.join(home, 'user-dir');
  const recordingOf = ({ name }: Listener) => path.join(home, `${name}-recorded.wav`);
  const [aplay, gmediarender] = LISTENERS.map(recordingOf) as [string, string];
  await fs.mkdir(outputDir, { recursive: true });
  await once(
    start('gmediarender', recordingRenderer(RENDERER, gmediarender, SAMPLE_RATE_HZ), { stdio: 'ignore' }),
    'spawn',
  );
  const tarball = await step('Packed the package', () => pack(root, home));

  const beganMs = performance.now();
  await step('Installed it into a clean user directory', () => install(tarball, userDir));
  const env = { ALSA_CONFIG_PATH: alsaConfig(home, fileDevice(aplay)) };
  const nodeRed = await step('Started Node-RED', () => NodeRed.start(userDir, { env }));
  await nodeRed.checkPackage(PACKAGE);
  let failed = 0;
  for (const listener of LISTENERS) {
    const spoken = path.join(home, `${listener.name}-spoken.wav`);
    say();
    say(`  ${listener.title}`);
    try {
      await press(nodeRed, listener, spoken);
      const seconds = (performance.now() - beganMs) / 1000;
      await checkHeard(recordingOf(listener), spoken, path.join(outputDir, `${listener.name}.wav`));
      say(`      heard  ${seconds.toFixed(1)} s after npm install began`);
      if (seconds > LIMIT_SECONDS) throw new Error(`That is more than ${LIMIT_SECONDS} s.`);
    } catch (thrown) {
      failed += 1;
      say(`      FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  await nodeRed.stop();
  say();
  say(`${LISTENERS.length - failed} passed, ${failed} failed`);
  return failed;
}

/** Deploys the example and presses its button; ends when play sound says that the sound has been heard. */
async function press(nodeRed: NodeRed, { example, button, chosen }: Listener, spoken: string): Promise<void> {
  const shipped = await nodeRed.example(PACKAGE, example);
  const flow = shipped.map((node) => (node.type === 'higgs-play' ? { ...node, ...chosen } : node));
  const inject = flow.find((node) => node.type === 'inject' && node.name === button);
  if (inject === undefined) throw new Error(`The example "${example}" has no button "${button}".`);
  say(`      text   ${String(inject.payload)}`);
  const answers = new Answers<unknown>(flow);
  const stopWatching = await nodeRed.watch((event) => answers.take(event));
  try {
    await nodeRed.deploy(withSpokenKept(flow, spoken));
    await answers.press(nodeRed, inject);
  } finally {
    stopWatching();
  }
}

/** What the speaking node gives goes into `file` too, piece by piece where it is a stream. */
function withSpokenKept(flow: readonly FlowNode[], file: string): FlowNode[] {
  const keeper = { id: 'keeper', type: 'file', z: flow[0]?.z ?? flow[0]?.id, filename: file, filenameType: 'str' };
  const written = { appendNewline: false, createDir: false, overwriteFile: 'false', encoding: 'none', wires: [[]] };
  return [
    ...flow.map((node) =>
      node.type === 'higgs-synthesize' ? { ...node, wires: [[...(node.wires?.flat() ?? []), keeper.id]] } : node,
    ),
    { ...keeper, ...written },
  ];
}

/** Keeps the recording as `file`; throws where it is silent, or is not what was spoken. */
async function checkHeard(recording: string, spokenFile: string, file: string): Promise<void> {
  const heard = readSound(await fs.readFile(recording));
  const spoken = readSound(await fs.readFile(spokenFile));
  // A player that still runs has not said in the file yet how long it is.
  await fs.writeFile(file, await encodeSound(heard, 'wav16'));
  const { seconds, loudnessDb } = await checkSound(file);
  say(`      sound  ${seconds.toFixed(2)} s, ${loudnessDb.toFixed(0)} dB`);
  say(`      file   ${path.relative(process.cwd(), file)}`);
  if (
    heard.sampleRateHz !== spoken.sampleRateHz ||
    !holds(heard.channels[0]!, spoken.channels[0]!, heard.sampleRateHz)
  ) {
    throw new Error('What was recorded is not what was spoken.');
  }
}

void runInTemporaryHome('higgs-hear-', hear);
