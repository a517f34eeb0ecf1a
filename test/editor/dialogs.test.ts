import { beforeEach, expect, test } from 'vitest';
import { embeddedVoiceNames } from '../helpers/embedded-voices.js';
import { NODE_TYPES } from '../nodes/node-red-kit.js';
import { describeInBrowser } from './chromium.js';
import { DARK } from './dark-theme.js';
import { fillIn, keptBy } from './fill-in.js';
import { useEditors } from './editors.js';

const PLACED = NODE_TYPES.filter((type) => type !== 'higgs-engine' && type !== 'higgs-sounds');

describeInBrowser('the dialogs in Node-RED’s editor', () => {
  const editors = useEditors();

  // Node-RED's debug sidebar throws at a message that comes before the flows do, and nodes that an earlier test
  // deployed may send one.
  beforeEach(() => editors.nodeRed.deploy([]));

  test('open, take what is filled in, and have it again after a deploy and a reload', async () => {
    await editors.nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'all' },
      {
        id: 'broker',
        type: 'mqtt-broker',
        name: 'home',
        broker: '127.0.0.1',
        port: '1',
        keepalive: '60',
        autoConnect: false,
      },
    ]);
    const editor = await editors.open();
    await editor.ready();
    const nodes = new Map<string, string>();
    for (const [index, type] of PLACED.entries()) nodes.set(type, await editor.dragIn(type, 300, 80 + 80 * index));
    await editor.screenshot('workspace');

    const filled = new Map<string, Record<string, unknown>>();
    for (const [type, id] of nodes) {
      // What a node needs that nobody touched is there.
      await editor.openDialog(id);
      await editor.screenshot(`${type}-untouched`);
      await editor.done();
      expect(await editor.isValid(id), `${type} is valid untouched`).toBe(type !== 'higgs-announce');

      await editor.openDialog(id);
      const expected = await fillIn(editor, type, 'node-input');
      expect(Object.keys(expected).length, type).toBeGreaterThan(3);
      // Without one it had the red triangle.
      if (type === 'higgs-announce') await editor.page.locator('#node-input-broker').selectOption('broker');
      filled.set(type, expected);
      await editor.screenshot(`${type}-filled`);
      await editor.done();
      expect(await keptBy(editor, id, expected), type).toEqual(expected);
      expect(await editor.isValid(id), `${type} is valid when filled in`).toBe(true);

      // Opened and closed once more, nothing moves.
      await editor.openDialog(id);
      await editor.done();
      expect(await keptBy(editor, id, expected), type).toEqual(expected);
    }
    await editor.deploy();
    await editor.reload();
    for (const [type, id] of nodes) expect(await keptBy(editor, id, filled.get(type)!), type).toEqual(filled.get(type));
    expect(editor.problems).toEqual([]);
  });

  test('of a node from before there were versions shows what it does', async () => {
    await editors.nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'old' },
      { id: 'old', type: 'higgs-music', z: 'tab', name: '', music: 'model', x: 200, y: 200, wires: [[]] },
    ]);
    const editor = await editors.open();
    await editor.ready();
    expect(await editor.propertiesOf('old', ['remember', 'version'])).toEqual({ remember: false, version: 1 });
    await editor.openDialog('old');
    expect(await editor.page.locator('#node-input-remember').isChecked()).toBe(false);
    await editor.cancel();
    const fresh = await editor.dragIn('higgs-music', 300, 400);
    expect(await editor.propertiesOf(fresh, ['remember', 'version'])).toEqual({ remember: true, version: 1 });
    expect(editor.problems).toEqual([]);
  });

  test('open the list of voices at a click, say what no engine means, and show no frame before the first sound', async () => {
    const editor = await editors.open();
    await editor.ready();
    const id = await editor.dragIn('higgs-synthesize', 300, 200);
    await editor.openDialog(id);
    await expect
      .poll(() => editor.page.locator('.higgs-below').first().innerText())
      .toBe('Without an engine, the built-in voice speaks.');
    expect(await editor.page.locator('.higgs-waveform').isVisible()).toBe(false);
    await editor.page.locator('#node-input-voice + .red-ui-typedInput-container .red-ui-typedInput-input').click();
    const list = editor.page.locator('.red-ui-autoComplete-container');
    await list.waitFor();
    for (const name of embeddedVoiceNames()) expect(await list.innerText()).toContain(name);
    await editor.screenshot('voices-at-click');
    await editor.page.keyboard.press('Escape');
    expect(editor.problems).toEqual([]);
  });

  test('are found in the palette by what people look for, in a category with a translated name', async () => {
    for (const [locale, category, label] of [
      ['en-US', 'speech', 'speak (tts)'],
      ['de', 'Sprache', 'sprechen (tts)'],
    ] as const) {
      const editor = await editors.open({ locale });
      await editor.ready();
      await editor.page.locator('#red-ui-palette-search input').pressSequentially('tts');
      const found = editor.page.locator('.red-ui-palette-node[data-palette-type="higgs-synthesize"]');
      // Nothing else is shown once the search has run.
      await expect.poll(() => editor.page.locator('.red-ui-palette-node:visible').count()).toBe(1);
      expect(await found.isVisible()).toBe(true);
      expect(await found.getAttribute('data-palette-label')).toBe(label);
      expect(await editor.page.locator('#red-ui-palette-header-speech').innerText()).toBe(category);
      await editor.screenshot(`palette-${locale}`);
      expect(editor.problems).toEqual([]);
    }
  });

  test('of the engine keeps what is filled in', async () => {
    const editor = await editors.open();
    await editor.ready();
    const speaker = await editor.dragIn('higgs-synthesize', 300, 500);
    await editor.openDialog(speaker);
    await editor.page.locator('#node-input-btn-engine-add').click();
    await editor.page.locator('#node-config-dialog-ok').waitFor();
    const expected = await fillIn(editor, 'higgs-engine', 'node-config-input');
    await editor.screenshot('higgs-engine-filled');
    await editor.doneConfig();
    await editor.done();
    const [engine] = await editor.idsOf('higgs-engine');
    expect(await keptBy(editor, engine!, expected)).toEqual(expected);
    await editor.openConfigDialog('higgs-engine', engine!);
    await editor.doneConfig();
    expect(await keptBy(editor, engine!, expected)).toEqual(expected);
    expect(editor.problems).toEqual([]);
  });

  test.each([
    ['German', { locale: 'de-DE' }, ''],
    ['a dark theme', {}, DARK],
  ])('are all there in %s', async (name, options, css) => {
    const editor = await editors.open(options);
    await editor.ready();
    if (css !== '') await editor.page.addStyleTag({ content: css });
    for (const [index, type] of PLACED.entries()) {
      const id = await editor.dragIn(type, 600, 80 + 80 * index);
      await editor.openDialog(id);
      await editor.screenshot(`${type}-${name.replaceAll(' ', '-')}`);
      // A text that is missing shows its key.
      expect(await editor.page.locator('#dialog-form').innerText()).not.toMatch(/\b(common|engine|voice|music)\.\w+/);
      await editor.cancel();
    }
    expect(editor.problems).toEqual([]);
  });
});
