/** What holds where a flow file says nothing is what the editor puts into a new node. */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { fieldsOf, FORMS, type Form } from '../../../editor/forms/index.js';
import { readInputs, type InputTable } from '../../../nodes/common/inputs.js';
import type { Node, NodeAPI, NodeMessageInFlow, Saved } from '../../../nodes/common/node-red.js';
import { dialogueRole } from '../../../nodes/higgs-dialogue/role.js';
import { musicInputs } from '../../../nodes/higgs-music/inputs.js';
import { synthesizeRole } from '../../../nodes/higgs-synthesize/role.js';
import { voiceInputs } from '../../../nodes/higgs-voice/inputs.js';

const { util } = createRequire(__filename)('@node-red/util') as { util: NodeAPI['util'] };
const red = { util, settings: {} } as unknown as NodeAPI;

/** A new node as the editor saves it. */
function savedByEditor(form: Form): Saved {
  const entries = fieldsOf(form).flatMap((field): [string, unknown][] => {
    if (field.kind === 'secret' || field.kind === 'node') return [];
    const value: [string, unknown] = [field.name, field.value];
    return field.kind === 'typed' ? [value, [`${field.name}Type`, field.from[0]]] : [value];
  });
  return Object.fromEntries(entries) as unknown as Saved;
}

test.each<[string, InputTable]>([
  ['higgs-synthesize', synthesizeRole(red).inputs],
  ['higgs-dialogue', dialogueRole(red).inputs],
  ['higgs-music', musicInputs(red)],
  ['higgs-voice', voiceInputs(red)],
])('%s: a node of a flow file without properties works as a new one of the editor does', async (type, table) => {
  const form = FORMS.find((other) => other.type === type)!;
  const msg = { _msgid: '', payload: 'Anna: Hello.', filename: 'a.wav' } as unknown as NodeMessageInFlow;
  const read = (saved: Saved) =>
    readInputs({ red, node: { id: '' } as unknown as Node, saved, msg, overrides: {} }, table);
  const [bare, fresh] = [await read({} as Saved), await read(savedByEditor(form))];
  // The editor's list of speakers is an example to begin with.
  expect({ ...bare, speakers: undefined }).toEqual({ ...fresh, speakers: undefined });
});
