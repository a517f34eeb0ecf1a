/** Node-RED's editor as a person uses it: the mouse and the keyboard, and the editor's own API to look. */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ROOT } from '../engine-kit.js';

export const SCREENSHOTS = path.join(ROOT, 'test-output', 'screenshots');

/** What the page shows of Node-RED's editor API, as far as the tests look at it. */
interface EditorApi {
  nodes: {
    node(id: string): Record<string, unknown> | null;
    filterNodes(filter: { type: string }): { id: string }[];
    eachConfig(visit: (node: { id: string; type: string }) => void): void;
    dirty(): boolean;
  };
  editor: { editConfig(name: string, type: string, id: string): void };
  sidebar: { show(id: string): void };
}
declare const RED: EditorApi;

/** The jQuery of the page, as far as the tests use it. */
type Query = (selector: string) => {
  typedInput(command: string, ...rest: unknown[]): string;
  data(name: string): unknown;
};
declare const $: Query;

export class EditorPage {
  /** Errors of the console, exceptions, and requests that failed. */
  readonly problems: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      // Node-RED asks its catalogue of nodes, which a test machine may not reach.
      const foreign = /^https:/.test(message.location().url);
      if (message.type() === 'error' && !foreign) this.problems.push(`console: ${message.text()}`);
      // Node-RED catches what a dialog throws, and logs it.
      else if (/^oneditprepare|^oneditsave|Error:/.test(message.text())) this.problems.push(`log: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`${response.status()}: ${response.url()}`);
    });
  }

  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<EditorPage> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, locale: 'en-US', ...options });
    const editor = new EditorPage(await context.newPage());
    await editor.page.goto(address);
    return editor;
  }

  async logIn(name: string, password: string): Promise<void> {
    await this.page.locator('#node-dialog-login-username').fill(name);
    await this.page.locator('#node-dialog-login-password').fill(password);
    await this.page.locator('#node-dialog-login-submit').click();
  }

  async showSidebar(id: string): Promise<void> {
    await this.page.evaluate((tab) => RED.sidebar.show(tab), id);
  }

  /** Waits until the palette has the nodes; the editor loads them one by one. */
  async ready(): Promise<void> {
    await this.page
      .locator('.red-ui-palette-node[data-palette-type="higgs-synthesize"]')
      .waitFor({ state: 'attached' });
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Drags a node from the palette onto the workspace; gives its id. */
  async dragIn(type: string, x: number, y: number): Promise<string> {
    const before = await this.idsOf(type);
    const source = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await source.scrollIntoViewIfNeeded();
    const from = (await source.boundingBox())!;
    const chart = (await this.page.locator('#red-ui-workspace-chart').boundingBox())!;
    const { mouse } = this.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(chart.x + x - 40, chart.y + y, { steps: 5 });
    await mouse.move(chart.x + x, chart.y + y, { steps: 3 });
    await mouse.up();
    const added = (await this.idsOf(type)).filter((id) => !before.includes(id));
    if (added.length !== 1) throw new Error(`Dragging ${type} in made ${added.length} nodes.`);
    return added[0]!;
  }

  async openDialog(id: string): Promise<void> {
    await this.page.locator(`[id="${id}"] .red-ui-flow-node`).first().dblclick();
    await this.page.locator('#node-dialog-ok').waitFor();
    await this.settled();
  }

  async openConfigDialog(type: string, id: string): Promise<void> {
    await this.page.evaluate(([name, of]) => RED.editor.editConfig('', name!, of!), [type, id]);
    await this.page.locator('#node-config-dialog-ok').waitFor();
    await this.settled();
  }

  async done(): Promise<void> {
    await this.close('#node-dialog-ok');
  }

  async doneConfig(): Promise<void> {
    await this.close('#node-config-dialog-ok');
  }

  async cancel(): Promise<void> {
    await this.close('#node-dialog-cancel');
  }

  async deploy(): Promise<void> {
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.page.waitForFunction(() => !RED.nodes.dirty());
  }

  /** The properties of a node as the editor holds them. */
  async propertiesOf(id: string, names: readonly string[]): Promise<Record<string, unknown>> {
    return await this.page.evaluate(
      ([of, wanted]) => {
        const node = RED.nodes.node(of) ?? {};
        return Object.fromEntries(wanted.map((name) => [name, node[name]]));
      },
      [id, names] as [string, readonly string[]],
    );
  }

  async isValid(id: string): Promise<boolean> {
    return (await this.propertiesOf(id, ['valid'])).valid === true;
  }

  async idsOf(type: string): Promise<string[]> {
    return await this.page.evaluate((of) => {
      const ids = RED.nodes.filterNodes({ type: of }).map(({ id }) => id);
      RED.nodes.eachConfig((node) => {
        if (node.type === of) ids.push(node.id);
      });
      return ids;
    }, type);
  }

  async setTyped(field: string, type: string, value: string): Promise<void> {
    await this.page.evaluate(
      ([selector, kind, text]) => {
        $(selector!).typedInput('type', kind);
        $(selector!).typedInput('value', text);
      },
      [field, type, value],
    );
  }

  async screenshot(name: string): Promise<void> {
    fs.mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  private async close(button: string): Promise<void> {
    await this.page.locator(button).click();
    await this.page.locator(button).waitFor({ state: 'detached' });
  }

  /** The tray slides in; a click before its end would miss. */
  private async settled(): Promise<void> {
    await this.page.locator('.red-ui-tray').last().locator('.red-ui-tray-body').waitFor();
    await this.page.waitForTimeout(300);
  }
}
