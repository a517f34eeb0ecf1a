/** What holds where a flow file says nothing is what the editor puts into a new node. */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { fieldsOf, FORMS, type Form } from '../../../editor/forms/index.js';
import { engineOptions } from '../../../nodes/common/engine-settings.js';
import { SUBTITLES } from '../../../nodes/common/catalogue.js';
import { readInputs, type InputTable } from '../../../nodes/common/inputs.js';
import type { Node, NodeAPI, NodeMessageInFlow, Saved } from '../../../nodes/common/node-red.js';
import { soundHostOptions } from '../../../nodes/common/sound-hosts.js';
import { announcerOptions } from '../../../nodes/higgs-announce/settings.js';
import { dialogueRole } from '../../../nodes/higgs-dialogue/role.js';
import { musicInputs } from '../../../nodes/higgs-music/inputs.js';
import { PLAY_INPUTS } from '../../../nodes/higgs-play/inputs.js';
import { synthesizeRole } from '../../../nodes/higgs-synthesize/role.js';
import { voiceInputs } from '../../../nodes/higgs-voice/inputs.js';
import { DEVICES, SUBTITLE_FORMATS } from '../../../src/engine/options.js';

const { util } = createRequire(__filename)('@node-red/util') as { util: NodeAPI['util'] };
const broker = { brokerurl: 'mqtt://127.0.0.1' };
const red = { util, settings: {}, nodes: { getNode: () => broker } } as unknown as NodeAPI;

/** A new node as the editor saves it. */
function savedByEditor(form: Form): Saved {
  const entries = fieldsOf(form).flatMap((field): [string, unknown][] => {
    if (field.kind === 'secret' || field.kind === 'node') return [];
    const value: [string, unknown] = [field.name, field.value];
    return field.kind === 'typed' ? [value, [`${field.name}Type`, field.from[0]]] : [value];
  });
  return Object.fromEntries(entries) as unknown as Saved;
}

test('a node has the engine’s forms of subtitles, or none', () => {
  expect(SUBTITLES).toEqual(['none', ...SUBTITLE_FORMATS]);
});

const formOf = (type: string): Form => FORMS.find((form) => form.type === type)!;

test.each<[string, InputTable]>([
  ['higgs-synthesize', synthesizeRole(red).inputs],
  ['higgs-dialogue', dialogueRole(red).inputs],
  ['higgs-music', musicInputs(red)],
  ['higgs-voice', voiceInputs(red)],
  ['higgs-play', PLAY_INPUTS],
])('%s: a node of a flow file without properties works as a new one of the editor does', async (type, table) => {
  const form = formOf(type);
  const msg = { _msgid: '', payload: 'Anna: Hello.', filename: 'a.wav' } as unknown as NodeMessageInFlow;
  const read = (saved: Saved) =>
    readInputs({ red, node: { id: '' } as unknown as Node, saved, msg, overrides: {} }, table);
  const [bare, fresh] = [await read({} as Saved), await read(savedByEditor(form))];
  // The editor's list of speakers is an example to begin with.
  expect({ ...bare, speakers: undefined }).toEqual({ ...fresh, speakers: undefined });
});

test.each<[string, (saved: Saved) => unknown]>([
  ['higgs-engine', (saved) => ({ device: DEVICES[0], ...engineOptions(red, saved) })],
  ['higgs-announce', (saved) => announcerOptions(red, { ...saved, broker: 'broker' })],
  ['higgs-sounds', (saved) => soundHostOptions(saved)],
])('%s: what a flow file leaves out is what a new node of the editor says', (type, options) => {
  expect(options({} as Saved)).toEqual(options(savedByEditor(formOf(type))));
});
