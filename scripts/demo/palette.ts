/** Puts the package into a user directory as Node-RED's palette does: packed, then installed by npm. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from './processes.js';

/** `npm run` says which npm it is; the same one packs and installs. */
function npm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const self = process.env.npm_execpath;
  if (self?.endsWith('.js') === true) return run(process.execPath, [self, ...args], { cwd, env });
  return run('npm', args, { cwd, env, shell: process.platform === 'win32' });
}

/** Packs the package at `root` into `folder`; gives the tarball's path. */
export async function pack(root: string, folder: string): Promise<string> {
  await npm(['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const tarball = (await fs.readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no tarball.');
  return path.join(folder, tarball);
}

/** Installs packages of the registry into `folder`, without running their scripts. */
export async function installTools(packages: readonly string[], folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(folder, 'package.json'), '{ "name": "tools", "private": true }\n');
  await addPackages(packages, folder);
}

/** The same into a folder that has a package.json. */
export async function addPackages(packages: readonly string[], folder: string): Promise<void> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline'];
  await npm(['install', ...flags, ...packages], folder);
}

/** Installs `tarball` into `userDir`, with what the package depends on at run time. */
export async function install(tarball: string, userDir: string): Promise<void> {
  await fs.mkdir(userDir, { recursive: true });
  await fs.writeFile(path.join(userDir, 'package.json'), '{ "name": "node-red-project", "private": true }\n');
  const env = {
    ...process.env,
    // The CPU's and the GPU's libraries are in the package; the one that a script would download is CUDA's.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
  const flags = ['--omit=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline', '--save'];
  await npm(['install', ...flags, tarball], userDir, env);
}
