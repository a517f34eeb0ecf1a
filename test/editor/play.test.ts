import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { EMBEDDED_VOICES } from '../helpers/folders.js';
import { FakeRenderer } from '../players/renderer-kit.js';
import { describeInBrowser } from './chromium.js';
import { DARK } from './dark-theme.js';
import { useEditors } from './editors.js';

describeInBrowser('play sound in Node-RED’s editor', () => {
  const editors = useEditors();

  beforeEach(() => editors.nodeRed.deploy([]));

  test('offers the players that there are, and rings where the dialog says before any deploy', async () => {
    const device = await FakeRenderer.open();
    const editor = await editors.open();
    await editor.ready();
    const { page } = editor;
    const id = await editor.dragIn('higgs-play', 300, 100);
    await editor.openDialog(id);
    await page.locator('.higgs-players-here', { hasText: /plays|no program/ }).waitFor();
    const use = page.locator('.higgs-players-list li[data-player="loudspeaker"] button');
    await use.waitFor();
    await editor.screenshot('play-players');
    await page.locator('.red-ui-typedInput-input').first().fill(device.location);
    await page.locator('.higgs-try-button').click();
    await page.locator('.higgs-try-status', { hasText: 'played' }).waitFor();
    expect(device.fetched).toHaveLength(1);
    await editor.screenshot('play-tried');
    await use.click();
    await editor.done();
    expect(await editor.propertiesOf(id, ['player', 'playerType'])).toEqual({
      player: 'loudspeaker',
      playerType: 'player',
    });
    expect(editor.problems).toEqual([]);
  });

  test('says what is wrong with a player that is not there', async () => {
    const editor = await editors.open();
    await editor.ready();
    await editor.openDialog(await editor.dragIn('higgs-play', 300, 100));
    await editor.page.locator('.red-ui-typedInput-input').first().fill('http://127.0.0.1:1/description.xml');
    await editor.page.locator('.higgs-try-button').click();
    await editor.page.locator('.higgs-try-status.higgs-error', { hasText: '127.0.0.1:1' }).waitFor();
    await editor.screenshot('play-not-there');
  });

  test('keeps sounds that are added in the sounds node, and deletes them', async () => {
    const editor = await editors.open();
    await editor.ready();
    const { page } = editor;
    await editor.openDialog(await editor.dragIn('higgs-play', 300, 100));
    await page.locator('[href="#higgs-play-tab-sound"]').click();
    await page.locator('#node-input-btn-sounds-add').click();
    await page.locator('#node-config-dialog-ok').waitFor();
    await page.locator('[href="#higgs-sounds-tab-stored"]').click();
    await page.locator('.higgs-sounds-file').setInputFiles(path.join(EMBEDDED_VOICES, 'ella.wav'));
    const row = page.locator('li[data-sound="ella"]');
    await row.waitFor();
    await editor.screenshot('sounds-stored');
    const kept = () => fetch(`${editors.nodeRed.address}higgs-tts/sounds/ella`);
    expect(Buffer.from(await (await kept()).arrayBuffer())).toEqual(
      fs.readFileSync(path.join(EMBEDDED_VOICES, 'ella.wav')),
    );
    await row.locator('.higgs-sounds-delete').click();
    await row.waitFor({ state: 'detached' });
    expect((await kept()).status).toBe(404);
    expect(editor.problems).toEqual([]);
  });

  test.each([
    ['light', {}],
    ['dark', {}],
    ['german', { locale: 'de-DE' }],
    ['narrow', { viewport: { width: 820, height: 900 } }],
  ])('play sound and sounds can be read %s', async (look, options) => {
    const editor = await editors.open(options);
    await editor.ready();
    const { page } = editor;
    const expectFits = async (name: string) => {
      await editor.screenshot(`${name}-${look}`);
      const form = page.locator('.higgs-form').last();
      expect(await form.evaluate(cutPixels)).toBeLessThanOrEqual(0);
      expect(await form.locator('.red-ui-tab').evaluateAll(fadedLabels)).toEqual([]);
    };
    if (look === 'dark') await page.addStyleTag({ content: DARK });
    await editor.openDialog(await editor.dragIn('higgs-play', 300, 100));
    // The first row is there at once: this machine. What the network says comes below it.
    await page.locator('.higgs-players [role="status"]', { hasText: /UPnP|^$/ }).waitFor({ state: 'attached' });
    await expectFits('play');
    await page.locator('[href="#higgs-play-tab-sound"]').click();
    await expectFits('play-sound');
    await editor.openConfigDialog('higgs-sounds', '_ADD_');
    await expectFits('sounds-address');
    await page.locator('[href="#higgs-sounds-tab-stored"]').click();
    await expectFits('sounds');
  });
});

/** What the tests ask of elements of the page. */
interface Sized {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly textContent: string;
  getBoundingClientRect(): { readonly left: number; readonly right: number };
  querySelector(selector: string): Sized | null;
  closest(selector: string): Sized | null;
}

/** How much wider a form is than what shows it, or what it holds wider than the form; runs in the page. */
function cutPixels(form: Sized): number {
  const tray = form.closest('.red-ui-tray')!;
  const beyond = form.getBoundingClientRect().right - tray.getBoundingClientRect().right;
  return Math.max(beyond, form.scrollWidth - form.clientWidth);
}

/** The labels that reach into where their tab fades out; runs in the page. */
function fadedLabels(tabs: Sized[]): string[] {
  const edge = (tab: Sized, selector: string) => tab.querySelector(selector)!.getBoundingClientRect();
  return tabs
    .filter((tab) => edge(tab, '.red-ui-tab-label span').right > edge(tab, '.red-ui-tabs-fade').left)
    .map(({ textContent }) => textContent);
}
