/**
 * The main job, end to end: packs the package, installs it as the palette would into a temporary user directory, boots
 * the real Node-RED there, deploys the flow that ships as an example, presses its buttons, and looks at the files.
 *
 *     npm run demo              four WAV files in demo-output/
 *     npm run demo -- --keep    the editor stays open
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NodeRed, type EditorEvent, type FlowNode } from './demo/node-red.js';
import { install, pack } from './demo/palette.js';
import { endAll } from './demo/processes.js';
import { say, show, step } from './demo/progress.js';
import { checkSound } from './demo/wav-check.js';

const PACKAGE = '@higgs-tts/node-red';
const EXAMPLE = 'announcements';
const ANSWER_LIMIT_MS = 300_000;

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
  const answers = new Answers(flow);
  const stopWatching = await nodeRed.watch((event) => answers.take(event));
  let failed = 0;
  for (const [index, button] of buttons.entries()) {
    say();
    say(`  ${index + 1}/${buttons.length} ${button.name ?? button.id}`);
    say(`      text   ${String(button.payload).replaceAll('\n', '\n             ')}`);
    try {
      const answer = answers.next(button);
      // Where the press itself fails, nobody waits for the answer.
      answer.catch(() => undefined);
      await nodeRed.press(button.id);
      await report(await Promise.race([answer, nodeRed.gone]));
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

/** What the flow shows while it works, as answers: a result resolves the one that is awaited, an error rejects it. */
class Answers {
  private names: ReadonlyMap<string, string> = new Map();
  private readonly errorNodes: ReadonlySet<string>;
  private settle: { resolve(spoken: Spoken): void; reject(error: Error): void } | undefined;

  constructor(private readonly flow: readonly FlowNode[]) {
    this.errorNodes = new Set(flow.filter((node) => node.type === 'catch').flatMap((node) => node.wires?.flat() ?? []));
  }

  /** The next answer to `button`; till then the statuses of the nodes behind it are shown. */
  async next(button: FlowNode): Promise<Spoken> {
    this.names = new Map(nodesBehind(this.flow, button).map((node) => [node.id, node.name ?? '']));
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Spoken>((resolve, reject) => {
        this.settle = { resolve, reject };
        timer = setTimeout(() => reject(new Error('There was no answer in time.')), ANSWER_LIMIT_MS);
      });
    } finally {
      this.settle = undefined;
      clearTimeout(timer);
    }
  }

  take(event: EditorEvent): void {
    if (event.topic === 'status') {
      const name = this.names.get(event.node);
      if (this.settle !== undefined && name !== undefined && event.text !== '') show(`${name}: ${event.text}`);
    } else if (typeof event.message === 'string') {
      // A node's warning, which the sidebar shows too.
      say(`      note   ${event.message}`);
    } else if (this.errorNodes.has(event.node)) {
      const { error } = event.message as { error?: { message?: string } };
      this.settle?.reject(new Error(error?.message ?? 'The flow reports an error without a text.'));
    } else {
      this.settle?.resolve(event.message as Spoken);
    }
  }
}

function nodesBehind(flow: readonly FlowNode[], node: FlowNode): FlowNode[] {
  const next = flow.filter((other) => node.wires?.flat().includes(other.id));
  return next.flatMap((other) => [other, ...nodesBehind(flow, other)]);
}

/** The flow names its output folder in its tab's environment, where a user would change it too. */
function withOutputDir(flow: readonly FlowNode[]): FlowNode[] {
  return flow.map((node) =>
    node.type === 'tab' ? { ...node, env: [{ name: 'HIGGS_OUTPUT_DIR', value: outputDir, type: 'str' }] } : node,
  );
}

async function main(): Promise<void> {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-demo-'));
  const cleanUp = async () => {
    await endAll();
    await fs.rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(status)));
  }
  let failed = 1;
  try {
    failed = await demo(home);
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown));
    say('0 passed, 1 failed');
  } finally {
    await cleanUp();
  }
  process.exit(failed === 0 ? 0 : 1);
}

void main();
