/** What the tests of the editor use: the real Node-RED with this package, and the system's browser. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { NodeRed, StartOptions } from '../../scripts/demo/node-red.js';
import { launchChromium } from './chromium.js';
import { EditorPage } from './editor-page.js';
import { startInstalled } from './installed-node-red.js';

export interface Editors {
  /** There from the first test on. */
  readonly nodeRed: NodeRed;
  /** A new page with a session of its own, at the editor's address. */
  open(options?: BrowserContextOptions): Promise<EditorPage>;
}

/** Starts both for the tests of the `describe` that this is called in, and ends them behind these. */
export function useEditors(options: () => StartOptions | Promise<StartOptions> = () => ({})): Editors {
  let nodeRed: NodeRed;
  let browser: Browser;
  beforeAll(async () => {
    [nodeRed, browser] = await Promise.all([startInstalled(await options()), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  return {
    get nodeRed() {
      return nodeRed;
    },
    open: (page) => EditorPage.open(browser, nodeRed.address, page),
  };
}
