/** The system's Chromium, driven by Playwright's core; nothing is downloaded. */
import fs from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { describe } from 'vitest';

/** A dialog after another takes its time on a machine that has other work. */
const LIMIT_MS = 240_000;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** HIGGS_CHROMIUM, or the first of the usual names on the PATH. */
function findChromium(): string | undefined {
  const { HIGGS_CHROMIUM: given, PATH = '' } = process.env;
  if (given !== undefined && given !== '') return given;
  const candidates = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return candidates.find((file) => fs.existsSync(file));
}

const executablePath = findChromium();

/**
 * `describe` where there is a Chromium. Without one the tests are skipped, and say so; where HIGGS_BROWSER=required
 * (.ci/run, which installs one) they fail instead.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath !== undefined || process.env.HIGGS_BROWSER === 'required') {
    describe(name, { timeout: LIMIT_MS }, tests);
    return;
  }
  process.stderr.write(`\nNo Chromium on the PATH or in HIGGS_CHROMIUM: "${name}" is SKIPPED.\n`);
  describe.skip(`${name} (skipped: no Chromium)`, tests);
}

export async function launchChromium(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error('HIGGS_BROWSER=required, but there is no Chromium on the PATH or in HIGGS_CHROMIUM.');
  }
  // Chromium takes Vulkan from elsewhere than the WebGPU tests, which set the library path.
  const env = { ...process.env, LD_LIBRARY_PATH: '' } as Record<string, string>;
  return await chromium.launch({
    executablePath,
    env,
    // Root may not use the sandbox; a container's /dev/shm is small; sound needs no click first, and no loudspeaker.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required', '--mute-audio'],
  });
}
