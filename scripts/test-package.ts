/**
 * What npm packs, installed by npm into a clean user directory and booted: by Node-RED of this checkout and the newest
 * Node-RED 5, on the oldest Node.js that the package takes for each and on a new one, all from the registry.
 *
 *     npm run test:package
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NodeRed, type EditorEvent, type Runtime } from './demo/node-red.js';
import { addPackages, install, installTools, pack } from './demo/palette.js';
import { endAll, run } from './demo/processes.js';
import { say, step } from './demo/progress.js';
import { checkEditorParts, PACKAGE } from './package/editor-parts.js';
import { checkServedFormats } from './package/served-formats.js';

/** Node-RED 4 is this checkout's. The oldest versions of Node.js are what `engines` in package.json says. */
const PAIRS = [
  { nodeRed: 4, node: '20.9.0' },
  { nodeRed: 5, node: '22.9.0' },
  { nodeRed: 5, node: '24' },
  { nodeRed: 5, node: '26' },
] as const;
const ANSWER_LIMIT_MS = 300_000;
const root = path.join(__dirname, '..', '..');

let [passed, failed] = [0, 0];

/** One thing to be seen; what it throws is told, and the others go on. */
async function check(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    passed += 1;
    say(`  passed  ${name}`);
  } catch (thrown) {
    failed += 1;
    say(`  FAILED  ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

async function testPackage(home: string): Promise<void> {
  const tarball = await step('Packed the package', () => pack(root, home));
  const userDir = path.join(home, 'user-dir');
  await step('Installed it into a clean user directory', () => install(tarball, userDir));
  const tools = path.join(home, 'tools');
  const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const nodes = PAIRS.map(({ node }) => `node-${node}@npm:${nodePackage}@${node}`);
  const packages = ['node-red@5', ...nodes, 'node-red-dev'];
  await step(`Fetched ${packages.join(', ')}`, () => installTools(packages, tools));

  const installed = path.join(userDir, 'node_modules', PACKAGE);
  const programs = nodePrograms(tools);
  for (const { nodeRed, node } of PAIRS) {
    const program = programs.get(node)!;
    await fs.chmod(program, 0o755);
    const main = path.join(nodeRed === 5 ? tools : root, 'node_modules', 'node-red', 'red.js');
    await boot(`Node-RED ${nodeRed} on Node.js ${node}`, userDir, { node: program, main });
  }
  await check('node-red-dev validates it', () => validate(tools, installed));
  for (const [node, program] of programs) {
    await check(`serves every format but AAC on Node.js ${node}`, () =>
      checkServedFormats(program, installed, home, false),
    );
  }
  await step('Installed the packages for AAC', () => addPackages(['mediabunny', '@mediabunny/aac-encoder'], userDir));
  for (const [node, program] of programs) {
    await check(`serves every format on Node.js ${node}`, () => checkServedFormats(program, installed, home, true));
  }
}

function nodePrograms(tools: string): ReadonlyMap<string, string> {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return new Map(PAIRS.map(({ node }) => [node, path.join(tools, 'node_modules', `node-${node}`, 'bin', file)]));
}

async function boot(name: string, userDir: string, runtime: Runtime): Promise<void> {
  await fs.rm(path.join(userDir, 'flows.json'), { force: true });
  const nodeRed = await NodeRed.start(userDir, { runtime });
  try {
    const { version } = (await nodeRed.get('settings')) as { version: string };
    say(`${name} (${version})`);
    for (const part of checkEditorParts(nodeRed, root)) await check(part.name, part.check);
    await check('an example flow speaks as imported', () => speakExample(nodeRed));
  } finally {
    await nodeRed.stop();
  }
}

/** Imports an example, presses its first button, and waits for what its debug node shows. */
async function speakExample(nodeRed: NodeRed): Promise<void> {
  const flow = await nodeRed.example(PACKAGE, '01-hello-world');
  let tell: (event: EditorEvent) => void = () => undefined;
  const shown = new Promise<EditorEvent>((resolve) => (tell = resolve));
  const stopWatching = await nodeRed.watch((event) => {
    if (event.topic === 'debug') tell(event);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Nothing was spoken in time.')), ANSWER_LIMIT_MS);
  });
  try {
    await nodeRed.deploy(flow);
    await nodeRed.press(flow.find((node) => node.type === 'inject')!.id);
    const event = await Promise.race([shown, late, nodeRed.gone]);
    if (!JSON.stringify(event).includes('"seconds"'))
      throw new Error(`It shows ${JSON.stringify(event).slice(0, 300)}.`);
  } finally {
    clearTimeout(timer);
    stopWatching();
  }
}

/** What the flow library asks of a package; a warning is none of its failures. */
async function validate(tools: string, folder: string): Promise<void> {
  const main = path.join(tools, 'node_modules', 'node-red-dev', 'bin', 'run');
  const network = path.join(__dirname, 'package', 'validator-network.js');
  const printed = await run(process.execPath, ['-r', network, main, 'validate', '-p', folder], { cwd: tools });
  if (!printed.includes('Complete')) throw new Error(`It came to no end: ${printed}`);
  const failures = printed.split('\n').filter((line) => line.includes('❌'));
  if (failures.length > 0) throw new Error(failures.join('; '));
}

async function main(): Promise<void> {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-package-'));
  try {
    await testPackage(home);
  } catch (thrown) {
    failed += 1;
    say(`FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    await endAll();
    await fs.rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
  say(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
