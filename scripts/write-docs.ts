/** Writes docs/errors.md, docs/options.md and the table in docs/architecture.md from the tables in the code: `npm run docs`. A test compares them. */
import fs from 'node:fs';
import path from 'node:path';
import { REMEDIES } from '../src/engine/errors.js';
import {
  BED_RULES,
  CALL_RULES,
  DEVICES,
  DIALOGUE_RULES,
  ENCODER_RULES,
  ENGINE_RULES,
  LINE_RULES,
  PRODUCTION_RULES,
  REMOTE_RULES,
  SAMPLING_RULES,
  WEIGHT_BITS,
  type NumberRule,
} from '../src/engine/options.js';
import { PACKAGE_DIR } from '../src/engine/package-files.js';
import { HTTP_RULES, WYOMING_RULES } from '../src/service/index.js';
import { updatePage } from './page-part.js';

const DOCS_COMMAND = 'npm run docs';

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
  const table = (title: string, rules: Readonly<Record<string, NumberRule>>): string[] => [
    `## ${title}`,
    '',
    '| option | default | from | to | unit |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(rules).map(
      ([name, rule]) =>
        `| \`${name}\` | ${rule.fallback} | ${rule.min} | ${rule.max} | ${rule.unit === '' ? '–' : rule.unit} |`,
    ),
    '',
  ];
  return [
    '# Options',
    '',
    'Written from `src/engine/options.ts`. A sampling option left out takes the checkpoint’s own value',
    '(`generation_config.json`) before the default here; a seed left out is drawn at random and told in the result;',
    '`maxSeconds` left out follows the text’s length.',
    '',
    ...table('Sampling', SAMPLING_RULES),
    ...table('Music bed', BED_RULES),
    ...table('Dialogue', DIALOGUE_RULES),
    ...table('Line of a dialogue', LINE_RULES),
    ...table('Speech that is whole', PRODUCTION_RULES),
    ...table('Sound formats', ENCODER_RULES),
    ...table('Calls', CALL_RULES),
    ...table('Engine', ENGINE_RULES),
    ...table('Servers elsewhere', REMOTE_RULES),
    `Devices: ${DEVICES.map((device) => `\`${device}\``).join(', ')}.`,
    `Bits of a weight: ${WEIGHT_BITS.map((bits) => `\`${bits}\``).join(', ')}; left out: 8 for small models, 4 for large ones.`,
    '',
    ...table('Speech server (HTTP)', HTTP_RULES),
    ...table('Speech server (Wyoming)', WYOMING_RULES),
  ].join('\n');
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
  fs.writeFileSync(path.join(docs, 'options.md'), optionsPage());
  await updatePage('architecture.md', DOCS_COMMAND, roomsTable());
}

if (require.main === module) void writeDocs();
