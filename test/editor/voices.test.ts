import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../engine-kit.js';
import { describeInBrowser } from './chromium.js';
import { useEditors } from './editors.js';

describeInBrowser('the list of voices in the dialog of higgs-voice', () => {
  const editors = useEditors();

  test('plays, renames, exports, deletes and imports voices', async () => {
    const editor = await editors.open();
    const { page } = editor;
    await editor.ready();
    // A described voice needs no clip, and is kept at once.
    await editors.nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Voices' },
      {
        ...{ id: 'make', type: 'inject', z: 'tab', x: 100, y: 100, wires: [['voice']] },
        ...{ props: [{ p: 'description', v: 'feminine; moderate pitch', vt: 'str' }] },
      },
      {
        id: 'voice',
        type: 'higgs-voice',
        z: 'tab',
        x: 300,
        y: 100,
        source: 'described',
        voiceName: 'anna',
        wires: [[]],
      },
    ]);
    await editors.nodeRed.press('make');
    await editor.reload();
    await editor.openDialog('voice');
    await page.locator('[href="#higgs-voice-tab-voices"]').click();
    const row = (name: string) => page.locator(`.higgs-shelf li[data-voice="${name}"]`);
    await row('anna').waitFor();
    await editor.screenshot('voices');

    await row('anna').locator('.higgs-shelf-preview').click();
    await page.locator('.higgs-shelf [role=status]', { hasText: /\d s in/ }).waitFor({ timeout: 60_000 });

    await row('anna').locator('.higgs-shelf-rename').click();
    await page.locator('input.higgs-shelf-rename').fill('anna two');
    await page.locator('input.higgs-shelf-rename').press('Enter');
    await row('anna two').waitFor();

    const saved = page.waitForEvent('download');
    await row('anna two').locator('.higgs-shelf-export').click();
    const file = path.join(temporaryFolder(), 'anna.higgs-voice');
    await (await saved).saveAs(file);
    expect(fs.statSync(file).size).toBeGreaterThan(10);

    await row('anna two').locator('.higgs-shelf-delete').click();
    await page.locator('.higgs-shelf-deleteSure').click();
    await row('anna two').waitFor({ state: 'detached' });

    await page.locator('.higgs-shelf-file').setInputFiles(file);
    await row('anna two').waitFor();
    expect(editor.problems).toEqual([]);
  });
});
