/** Writes docs/errors.md, docs/options.md and the table in docs/architecture.md from the tables in the code: `npm run docs`. A test compares them. */
import fs from 'node:fs';
import path from 'node:path';
import { FORMS, fieldsOf, type Field, type Form } from '../editor/forms/index.js';
import * as engine from '../src/engine/index.js';
import * as players from '../src/players/index.js';
import * as service from '../src/service/index.js';
import { readSamplingValues } from '../src/engine/package-api.js';
import { EMBEDDED_DIR, PACKAGE_DIR } from '../src/engine/package-files.js';
import { updatePage } from './page-part.js';

const DOCS_COMMAND = 'npm run docs';

export function errorsPage(): string {
  const rows = Object.entries(engine.REMEDIES).map(([code, remedy]) => `| \`${code}\` | ${remedy} |`);
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

export async function optionsPage(): Promise<string> {
  const choices = (values: readonly (string | number)[]) => values.map((value) => `\`${value}\``).join(', ');
  return [
    '# Options',
    '',
    'Written by `npm run docs` from the tables that the engine, the services and the editor themselves read. A sampling',
    'option left out takes the checkpoint’s own value (`generation_config.json`) before the default here.',
    '',
    ...numberTable('Sampling', engine.SAMPLING_RULES),
    ...(await samplingTable()),
    ...numberTable('Segments of a long text', engine.SEGMENT_RULES),
    `Segments are cut by: ${choices(engine.SEGMENT_BY)} (\`segmentBy\`). A flow sets these in \`msg.higgs\`, as it does \`wordTimes\`.`,
    '',
    ...numberTable('Music bed', engine.BED_RULES),
    `Tracks: ${choices(engine.TRACKS)}.`,
    '',
    ...numberTable('Dialogue', engine.DIALOGUE_RULES),
    `Turns: ${choices(engine.TURNS)}.`,
    '',
    ...numberTable('Line of a dialogue', engine.LINE_RULES),
    ...numberTable('Finished speech', engine.PRODUCTION_RULES),
    `Chimes: ${choices(engine.CHIMES)}.`,
    '',
    ...numberTable('Sound formats', engine.ENCODER_RULES),
    `Formats: ${choices(engine.SOUND_FORMATS)}.`,
    '',
    ...numberTable('Calls', engine.CALL_RULES),
    ...numberTable('Engine', engine.ENGINE_RULES),
    `Devices: ${choices(engine.DEVICES)}. Bits of a weight: ${choices(engine.WEIGHT_BITS)}; left out: 8 for small models, 4 for large ones.`,
    '',
    ...numberTable('Servers elsewhere', engine.REMOTE_RULES),
    ...numberTable('Speech server (HTTP)', service.HTTP_RULES),
    ...numberTable('Speech server (Wyoming)', service.WYOMING_RULES),
    ...numberTable('Announcer and its commands', service.ANNOUNCER_RULES),
    `Formats: ${choices(service.ANNOUNCER_FORMATS)}.`,
    '',
    ...numberTable('Sound host', service.SOUND_HOST_RULES),
    ...numberTable('Players', players.PLAYER_RULES),
    `Programs: ${choices(players.PROGRAM_CHOICES)}.`,
    '',
    '# Properties of the nodes',
    '',
    'What a flow file keeps of each node. Beside a property whose value can be looked up elsewhere stands its kind, in',
    '`<property>Type`. A property that is empty or missing takes the default of the option above.',
    '',
    ...FORMS.flatMap(nodeTable),
  ].join('\n');
}

/** What holds where a request leaves it out, model by model. */
async function samplingTable(): Promise<string[]> {
  const names = ['temperature', 'topK', 'topP', 'rasWindowFrames', 'rasLimit'] as const;
  const fallbacks = Object.fromEntries(names.map((name) => [name, engine.SAMPLING_RULES[name].fallback]));
  const models: readonly (readonly [string, Partial<engine.SamplingValues>])[] = [
    ['the embedded one', await readSamplingValues(EMBEDDED_DIR)],
    ['the published one', engine.PUBLISHED_SAMPLING],
    ['one without a `generation_config.json`', fallbacks],
  ];
  return [
    'Where a request or a node leaves these out, a model takes its own; `engine.info().sampling` says what the loaded one takes.',
    '',
    `| model | ${names.map((name) => `\`${name}\``).join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...models.map(([model, values]) => `| ${model} | ${names.map((name) => values[name]).join(' | ')} |`),
    '',
    'Where the model makes music, `rasWindowFrames` is 0, for music repeats.',
    '',
  ];
}

function numberTable(title: string, rules: Readonly<Record<string, engine.NumberRule>>): string[] {
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

interface Room {
  readonly name: string;
  readonly at: readonly string[];
  readonly shared?: boolean;
  readonly job: string;
  readonly calls: readonly string[];
}

/** Who calls whom, from the table that lint goes by. */
export function roomsTable(): string {
  const rooms = JSON.parse(fs.readFileSync(path.join(PACKAGE_DIR, 'rooms.json'), 'utf8')) as readonly Room[];
  const rows = rooms.map(({ name, at, job, calls, shared }) => {
    const places = at.map((place) => `\`${place}\``).join(', ');
    return `| ${name}${shared === true ? ' *' : ''} | ${places} | ${job} | ${calls.join(', ') || '–'} |`;
  });
  return ['| name | where | its one job | calls |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

async function writeDocs(): Promise<void> {
  const docs = path.join(PACKAGE_DIR, 'docs');
  fs.writeFileSync(path.join(docs, 'errors.md'), errorsPage());
  fs.writeFileSync(path.join(docs, 'options.md'), await optionsPage());
  await updatePage('architecture.md', DOCS_COMMAND, roomsTable());
}

if (require.main === module) void writeDocs();
