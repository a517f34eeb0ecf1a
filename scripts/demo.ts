/**
 * The main job, end to end: packs the package, installs it as the palette would into a temporary user directory, boots
 * the real Node-RED there, deploys the flow that ships as an example, presses its buttons, and looks at the files.
 *
 *     npm run demo              four WAV files in demo-output/
 *     npm run demo -- --keep    the editor stays open
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Answers } from './demo/answers.js';
import { NodeRed, type FlowNode } from './demo/node-red.js';
import { install, pack } from './demo/palette.js';
import { say, step } from './demo/progress.js';
import { runInTemporaryHome } from './demo/temporary-home.js';
import { checkSound } from './demo/wav-check.js';

const PACKAGE = '@higgs-tts/node-red';
const EXAMPLE = 'announcements';

const root = path.join(__dirname, '..', '..');
const outputDir = path.join(root, 'demo-output');
const keep = process.argv.includes('--keep');

/** What the flow's result node shows for one message. */
interface Spoken {
  readonly payload: string;
  readonly higgs: { readonly seconds: number; readonly workSeconds: number; readonly voice: string };
}

async function demo(home: string): Promise<number> {
  const userDir = path.join(home, 'user-dir');
  const tarball = await step('Packed the package', () => pack(root, home));
  await step('Installed it into a clean user directory', () => install(tarball, userDir));
  const nodeRed = await step('Started Node-RED', () => NodeRed.start(userDir));
  const types = await nodeRed.checkPackage(PACKAGE);
  const flow = await nodeRed.example(PACKAGE, EXAMPLE);
  await fs.mkdir(outputDir, { recursive: true });
  await nodeRed.deploy(withOutputDir(flow));
  say(`Deployed the example flow "${EXAMPLE}" (${types} node types)`);

  const failed = await speakAll(nodeRed, flow);
  if (keep) {
    say(`The editor is open: ${nodeRed.address} (Ctrl-C ends it and removes its folder)`);
    await nodeRed.gone;
  }
  await nodeRed.stop();
  return failed;
}

/** Presses every button of the flow, one after the other; gives how many failed. */
async function speakAll(nodeRed: NodeRed, flow: readonly FlowNode[]): Promise<number> {
  const buttons = flow.filter((node) => node.type === 'inject');
  const answers = new Answers<Spoken>(flow);
  const stopWatching = await nodeRed.watch((event) => answers.take(event));
  let failed = 0;
  for (const [index, button] of buttons.entries()) {
    say();
    say(`  ${index + 1}/${buttons.length} ${button.name ?? button.id}`);
    say(`      text   ${String(button.payload).replaceAll('\n', '\n             ')}`);
    try {
      await report(await answers.press(nodeRed, button));
    } catch (thrown) {
      failed += 1;
      say(`      FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  stopWatching();
  say();
  say(`${buttons.length - failed} passed, ${failed} failed`);
  return failed;
}

async function report({ payload: file, higgs }: Spoken): Promise<void> {
  const sound = await checkSound(file);
  say(`      voice  ${higgs.voice}`);
  say(`      sound  ${sound.seconds.toFixed(2)} s`);
  say(`      work   ${higgs.workSeconds.toFixed(2)} s`);
  say(`      file   ${path.relative(process.cwd(), file)}`);
}

/** The flow names its output folder in its tab's environment, where a user would change it too. */
function withOutputDir(flow: readonly FlowNode[]): FlowNode[] {
  return flow.map((node) =>
    node.type === 'tab' ? { ...node, env: [{ name: 'HIGGS_OUTPUT_DIR', value: outputDir, type: 'str' }] } : node,
  );
}

void runInTemporaryHome('higgs-demo-', demo);
