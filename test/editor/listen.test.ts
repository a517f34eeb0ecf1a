import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { describeInBrowser } from './chromium.js';
import type { EditorPage } from './editor-page.js';
import { useEditors } from './editors.js';

/** Node-RED's own; what its settings ask for. */
const { hashSync } = createRequire(__filename)('bcryptjs') as {
  hashSync: (password: string, rounds: number) => string;
};
const user = (username: string, permissions: string) => ({ username, password: hashSync('secret', 4), permissions });

const STATUS = '.higgs-listen-status';
const BUTTON = '.higgs-listen-button';

describeInBrowser('the Listen button, where the editor asks for a login,', () => {
  const users = [user('owner', '*'), user('guest', 'read')];
  const editors = useEditors(() => ({ settings: { adminAuth: { type: 'credentials', users } } }));

  async function opened(type: string, name = 'owner'): Promise<EditorPage> {
    const editor = await editors.open();
    await editor.logIn(name, 'secret');
    await editor.ready();
    await editor.openDialog(await editor.dragIn(type, 300, 100));
    editor.problems.length = 0;
    return editor;
  }

  /** Pixels of the picture that are neither the ground nor the line in the middle. */
  function inkIn(editor: EditorPage): Promise<number> {
    return editor.page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.higgs-waveform');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink += 1;
      return ink - canvas.width;
    })()`);
  }

  /** What came over the network for samples. */
  function bytesHeard(editor: EditorPage): Promise<number> {
    return editor.page.evaluate<number>(`performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('/higgs-tts/listen'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
  }

  test.each(['higgs-synthesize', 'higgs-dialogue'])('%s speaks its sample before any deploy', async (type) => {
    const editor = await opened(type);
    const flat = await inkIn(editor);
    await editor.page.locator(BUTTON).click();
    await editor.page.locator(STATUS, { hasText: /^[\d.]+ s in [\d.]+ s$/ }).waitFor({ timeout: 60_000 });
    // Three seconds of sound are 144 kB, and more in base64.
    expect(await bytesHeard(editor)).toBeGreaterThan(50_000);
    expect(await inkIn(editor)).toBeGreaterThan(flat + 100);
    await editor.screenshot(`listen-${type}`);
    expect(editor.problems).toEqual([]);
  });

  test('speaks with the settings as they stand, and says what is wrong with them', async () => {
    const editor = await opened('higgs-synthesize');
    await editor.setTyped('#node-input-voice', 'voice', 'nobody');
    await editor.page.locator(BUTTON).click();
    await editor.page.locator(`${STATUS}.higgs-error`, { hasText: 'nobody' }).waitFor({ timeout: 60_000 });
    await editor.screenshot('listen-wrong-voice');
  });

  test('stops when it is pressed again, and when the dialog is closed', async () => {
    const editor = await opened('higgs-synthesize');
    // Minutes of speech: a quick machine must not be done before it is stopped.
    await editor.page.locator('.higgs-listen-sample').fill('One, two, three, four, five. '.repeat(100));
    await editor.page.locator(BUTTON).click();
    await editor.page.locator(`${BUTTON} .fa-stop`).waitFor();
    await editor.page.locator(STATUS, { hasText: /\d s/ }).waitFor({ timeout: 60_000 });
    await editor.page.locator(BUTTON).click();
    await editor.page.locator(STATUS, { hasText: 'stopped' }).waitFor();
    const isListening = (request: { url(): string }) => request.url().endsWith('/listen');
    const asked = editor.page.waitForRequest(isListening);
    await editor.page.locator(BUTTON).click();
    await asked;
    await editor.page.locator(`${BUTTON} .fa-stop`).waitFor();
    const ended = editor.page.waitForEvent('requestfailed', isListening);
    await editor.cancel();
    await ended;
    expect(editor.problems).toEqual([]);
  });

  test('is refused to who may only read', async () => {
    const editor = await opened('higgs-synthesize', 'guest');
    await editor.page.locator(BUTTON).click();
    await editor.page.locator(`${STATUS}.higgs-error`, { hasText: '401' }).waitFor();
  });
});
