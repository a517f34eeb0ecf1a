import { expect, test } from 'vitest';
import { LARGE, REPO, TestHub, type Answering } from '../engine/hub/hub-server.js';
import { readSamplingValues } from '../../src/engine/checkpoint/index.js';
import { PUBLISHED_SAMPLING } from '../../src/engine/options.js';
import { EMBEDDED_DIR } from '../../src/engine/package-files.js';
import { temporaryFolder } from '../engine-kit.js';
import { describeInBrowser } from './chromium.js';
import type { EditorPage } from './editor-page.js';
import { useEditors } from './editors.js';

describeInBrowser('the engine in Node-RED’s editor', () => {
  let hub: TestHub;
  const editors = useEditors(async () => {
    hub = await TestHub.start();
    return { env: { HF_ENDPOINT: hub.endpoint, HF_HOME: temporaryFolder() } };
  });

  async function newEngine(): Promise<EditorPage> {
    const editor = await editors.open();
    await editor.ready();
    await editor.openDialog(await editor.dragIn('higgs-synthesize', 300, 100));
    await editor.page.locator('#node-input-btn-engine-add').click();
    await editor.page.locator('#node-config-dialog-ok').waitFor();
    return editor;
  }

  test('takes a model from the hub: the licence first, progress, cancel, resume', async () => {
    let isCancelled = false;
    const half: Answering = (response, serve) => {
      if (isCancelled) {
        serve();
        return;
      }
      const bytes = hub.files.get(LARGE)!;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2));
    };
    // Also when it is asked again, for this hangs: on a busy machine it takes a while until somebody cancels.
    hub.next('cdn', LARGE, half, half, half, half);
    const editor = await newEngine();
    const { page } = editor;
    await page.locator('#node-config-input-model').selectOption('hub');
    await page.locator('#node-config-input-modelRepo').fill(REPO);
    await page.locator('#node-config-input-codecRepo').fill(REPO);
    await page.locator('.higgs-hub-model:only-child .higgs-hub-download').click();
    await page.locator('.higgs-licence', { hasText: 'Be kind.' }).waitFor();
    await editor.screenshot('hub-licence');
    expect(hub.gets(LARGE)).toHaveLength(0);

    await page.locator('.higgs-hub-accept').click();
    await page.locator('.higgs-progress', { hasText: /\d+ % \(0\.\d of 0\.\d MB/ }).waitFor();
    await editor.screenshot('hub-progress');
    await page.locator('.higgs-hub-cancel').click();
    isCancelled = true;
    await page.locator('.higgs-hub-resume').click();
    await expect.poll(() => page.locator('.higgs-hub').innerText(), { timeout: 60_000 }).toContain('on this machine');
    await editor.screenshot('hub-here');
    // It went on from where it was, and did not ask for the licence again.
    expect(hub.gets(LARGE).at(-1)!.range).toMatch(/^bytes=[1-9]/);
    await editor.doneConfig();
    await editor.done();
    const [id] = await editor.idsOf('higgs-engine');
    expect(await editor.propertiesOf(id!, ['model', 'modelRepo'])).toEqual({ model: 'hub', modelRepo: REPO });
    expect(editor.problems).toEqual([]);
  });

  test('brings the codec with its model, at one click', async () => {
    hub.others.push('owner/other-model', 'owner/small-codec');
    const editor = await newEngine();
    const { page } = editor;
    await page.locator('#node-config-input-model').selectOption('hub');
    await page.locator('#node-config-input-modelRepo').fill('owner/other-model');
    await page.locator('#node-config-input-codecRepo').fill('owner/small-codec');
    await page.locator('.higgs-hub-model', { hasText: 'owner/other-model' }).locator('.higgs-hub-download').click();
    for (const repo of ['owner/other-model', 'owner/small-codec']) {
      await page.locator('.higgs-hub-model', { hasText: repo }).locator('.higgs-licence, .fa-check').first().waitFor();
    }
    expect(editor.problems).toEqual([]);
  });

  test('says what its model takes where fields are left empty, and so do the fields', async () => {
    const own = await readSamplingValues(EMBEDDED_DIR);
    const editor = await editors.open();
    const { page } = editor;
    await editor.ready();
    await editor.openDialog(await editor.dragIn('higgs-synthesize', 300, 100));
    const field = page.locator('#node-input-topK').locator('..').locator('.red-ui-typedInput-input');
    await expect.poll(() => field.getAttribute('placeholder')).toBe(`${own.topK} (1 – 1024)`);
    await page.locator('#node-input-btn-engine-add').click();
    await page.locator('#node-config-dialog-ok').waitFor();
    const line = page.locator('.higgs-sampling');
    await expect.poll(() => line.innerText()).toContain(`temperature ${own.temperature}, top-k ${own.topK}`);
    await page.locator('#node-config-input-model').selectOption('hub');
    const { temperature, topK, topP } = PUBLISHED_SAMPLING;
    await expect
      .poll(() => line.innerText())
      .toContain(
        `temperature ${temperature}, top-k ${topK}, top-p ${topP}. A sound that came 2 times in the last 7 frames`,
      );
    await editor.screenshot('engine-sampling');
    await editor.doneConfig();
    await expect.poll(() => field.getAttribute('placeholder')).toBe(`${topK} (1 – 1024)`);
    await editor.done();
    expect(editor.problems).toEqual([]);
  });

  test('whose model is not here yet offers Download beside Listen', async () => {
    const editor = await newEngine();
    const { page } = editor;
    await page.locator('#node-config-input-model').selectOption('hub');
    await page.locator('#node-config-input-modelRepo').fill('nobody/elsewhere');
    await page.locator('#node-config-input-codecRepo').fill('nobody/elsewhere');
    await editor.doneConfig();
    await page.locator('.higgs-listen-hub .higgs-hub-model', { hasText: 'nobody/elsewhere' }).waitFor();
    await page.locator('.higgs-listen-hub .higgs-hub-download').waitFor();
    await editor.screenshot('listen-hub-download');
    await page.locator('#node-input-engine').selectOption({ index: 0 });
  });

  test('says what the hub says where there is no such model', async () => {
    const editor = await newEngine();
    const { page } = editor;
    await page.locator('#node-config-input-model').selectOption('hub');
    await page.locator('#node-config-input-modelRepo').fill('nobody/nothing');
    await page.locator('#node-config-input-codecRepo').fill(REPO);
    await page.locator('.higgs-hub-model', { hasText: 'nobody/nothing' }).locator('.higgs-hub-download').click();
    await page.locator('.higgs-hub .higgs-error', { hasText: 'nobody/nothing' }).waitFor();
    await editor.screenshot('hub-not-found');
  });

  test('checks what is typed while it is typed', async () => {
    const editor = await newEngine();
    const { page } = editor;
    await page.locator('[href="#higgs-engine-tab-limits"]').click();
    const limit = page.locator('#node-config-input-queueLimit');
    await limit.pressSequentially('0');
    await page.locator('#node-config-input-queueLimit.input-error').waitFor();
    await editor.screenshot('engine-wrong-limit');
    await limit.fill('50');
    await limit.press('Tab');
    await page.locator('#node-config-input-queueLimit:not(.input-error)').waitFor();
  });

  test('is seen in the sidebar, which follows what it does', async () => {
    const editor = await editors.open();
    const { page } = editor;
    await editor.ready();
    const id = await editor.dragIn('higgs-synthesize', 300, 300);
    await editor.showSidebar('higgs-tts');
    const engine = page.locator('.higgs-sidebar section[data-engine="default"]');
    await engine.locator('.higgs-engine-state', { hasText: 'not loaded' }).waitFor();
    expect(await engine.locator('.higgs-engine-voices').innerText()).toMatch(/\w+, \w+/);
    // This machine may have been checked.
    expect(await engine.locator('.higgs-engine-gpu').innerText()).toMatch(/not checked|\d{4}-\d\d-\d\d/);
    await editor.openDialog(id);
    await page.locator('.higgs-listen-button').click();
    await engine.locator('.higgs-engine-state', { hasText: /^ready$/ }).waitFor({ timeout: 60_000 });
    await engine.locator('.higgs-engine-memory', { hasText: /\d+ MB/ }).waitFor();
    await engine.locator('.higgs-engine-speed', { hasText: /× real time/ }).waitFor({ timeout: 60_000 });
    await editor.screenshot('sidebar');
    expect(editor.problems).toEqual([]);
  });
});
