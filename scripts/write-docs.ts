/** Writes docs/errors.md and docs/options.md from the tables in the engine: `npm run docs`. A test compares them. */
import fs from 'node:fs';
import path from 'node:path';
import { FORMS, fieldsOf, type Field, type Form } from '../editor/forms/index.js';
import {
  BED_RULES,
  CALL_RULES,
  CHIMES,
  DEVICES,
  DIALOGUE_RULES,
  ENCODER_RULES,
  ENGINE_RULES,
  LINE_RULES,
  PRODUCTION_RULES,
  REMEDIES,
  REMOTE_RULES,
  SAMPLING_RULES,
  SOUND_FORMATS,
  TRACKS,
  TURNS,
  WEIGHT_BITS,
  type NumberRule,
} from '../src/engine/index.js';
import {
  ANNOUNCER_FORMATS,
  ANNOUNCER_RULES,
  HTTP_RULES,
  SOUND_HOST_RULES,
  WYOMING_RULES,
} from '../src/service/index.js';

export function errorsPage(): string {
  const rows = Object.entries(REMEDIES).map(([code, remedy]) => `| \`${code}\` | ${remedy} |`);
  return [
    '# Errors',
    '',
    'Every error of the engine and the nodes is a `HiggsError` with a `code`, a message that names the thing, and a',
    'remedy. Match on the code: it is the same in a catch node, on the command line and across processes.',
    '',
    '| code | what to do |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

export function optionsPage(): string {
  const choices = (values: readonly (string | number)[]) => values.map((value) => `\`${value}\``).join(', ');
  return [
    '# Options',
    '',
    'Written by `npm run docs` from the tables that the engine, the services and the editor themselves read. A sampling',
    'option left out takes the checkpoint’s own value (`generation_config.json`) before the default here.',
    '',
    ...numberTable('Sampling', SAMPLING_RULES),
    ...numberTable('Music bed', BED_RULES),
    `Tracks: ${choices(TRACKS)}.`,
    '',
    ...numberTable('Dialogue', DIALOGUE_RULES),
    `Turns: ${choices(TURNS)}.`,
    '',
    ...numberTable('Line of a dialogue', LINE_RULES),
    ...numberTable('Finished speech', PRODUCTION_RULES),
    `Chimes: ${choices(CHIMES)}.`,
    '',
    ...numberTable('Sound formats', ENCODER_RULES),
    `Formats: ${choices(SOUND_FORMATS)}.`,
    '',
    ...numberTable('Calls', CALL_RULES),
    ...numberTable('Engine', ENGINE_RULES),
    `Devices: ${choices(DEVICES)}. Bits of a weight: ${choices(WEIGHT_BITS)}; left out: 8 for small models, 4 for large ones.`,
    '',
    ...numberTable('Servers elsewhere', REMOTE_RULES),
    ...numberTable('Speech server (HTTP)', HTTP_RULES),
    ...numberTable('Speech server (Wyoming)', WYOMING_RULES),
    ...numberTable('Announcer and its commands', ANNOUNCER_RULES),
    `Formats: ${choices(ANNOUNCER_FORMATS)}.`,
    '',
    ...numberTable('Sound host', SOUND_HOST_RULES),
    '# Properties of the nodes',
    '',
    'What a flow file keeps of each node. Beside a property whose value can be looked up elsewhere stands its kind, in',
    '`<property>Type`. A property that is empty or missing takes the default of the option above.',
    '',
    ...FORMS.flatMap(nodeTable),
  ].join('\n');
}

function numberTable(title: string, rules: Readonly<Record<string, NumberRule>>): string[] {
  const rows = Object.entries(rules).map(
    ([name, { fallback, leftOut, min, max, unit }]) =>
      `| \`${name}\` | ${fallback ?? leftOut ?? '–'} | ${min} | ${max} | ${unit === '' ? '–' : unit} |`,
  );
  return [`## ${title}`, '', '| option | default | from | to | unit |', '| --- | --- | --- | --- | --- |', ...rows, ''];
}

function nodeTable(form: Form): string[] {
  const rows = fieldsOf(form).map((field) => `| \`${field.name}\` | ${initialOf(field)} | ${takenBy(field)} |`);
  return [`## ${form.type}`, '', '| property | in a new node | takes |', '| --- | --- | --- |', ...rows, ''];
}

function initialOf(field: Field): string {
  if (field.kind === 'secret' || field.kind === 'node') return '–';
  if (field.kind === 'list') return `\`${JSON.stringify(field.value)}\``;
  if (field.value === '') return '–';
  return field.kind === 'typed' && field.from[0] === 'msg' ? `\`msg.${field.value}\`` : `\`${String(field.value)}\``;
}

function takenBy(field: Field): string {
  switch (field.kind) {
    case 'choice':
      return field.choices.map(({ value }) => `\`${value}\``).join(', ');
    case 'switch':
      return '`true`, `false`';
    case 'secret':
      return 'a text, kept with Node-RED’s credentials';
    case 'node':
      return `the id of a node of the type \`${field.type}\``;
    case 'list':
      return 'a list';
    case 'typed':
    case 'plain':
      return field.rule === undefined ? 'a text' : `${field.rule.min} to ${field.rule.max} ${field.rule.unit}`.trim();
  }
}

if (require.main === module) {
  const docs = path.join(__dirname, '..', '..', 'docs');
  fs.writeFileSync(path.join(docs, 'errors.md'), errorsPage());
  fs.writeFileSync(path.join(docs, 'options.md'), optionsPage());
}
