/** The system's Chromium, driven by Playwright's core; nothing is downloaded. */
import { chromium, type Browser } from 'playwright-core';
import { describe } from 'vitest';
import { findProgram, tellSkipped } from '../helpers/programs.js';

/** A dialog after another takes its time on a machine that has other work. */
const LIMIT_MS = 240_000;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** HIGGS_CHROMIUM, or the first of the usual names on the PATH. */
const executablePath = process.env.HIGGS_CHROMIUM ?? findProgram(...NAMES);

/** `describe` where there is a Chromium. Without one the tests are skipped, and say so. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath !== undefined) {
    describe(name, { timeout: LIMIT_MS }, tests);
    return;
  }
  tellSkipped(name, 'no Chromium on the PATH or in HIGGS_CHROMIUM');
  describe.skip(`${name} (skipped: no Chromium)`, tests);
}

export async function launchChromium(): Promise<Browser> {
  // Chromium takes Vulkan from elsewhere than the WebGPU tests, which set the library path.
  const env = { ...process.env, LD_LIBRARY_PATH: '' } as Record<string, string>;
  return await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    env,
    // Root may not use the sandbox; a container's /dev/shm is small; sound needs no click first, and no loudspeaker.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required', '--mute-audio'],
  });
}
