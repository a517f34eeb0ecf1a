import fs from 'node:fs';
import path from 'node:path';
import { REMEDIES } from '@higgs-tts/node-red/engine';
import { describe, expect, test } from 'vitest';
import { elementId, FORMS, propertyNames } from '../../editor/forms/index.js';
import { ROOT } from '../engine-kit.js';
import { NODE_TYPES } from './node-red-kit.js';

const LANGUAGES = ['en-US', 'de'] as const;
const PACKAGE = '@higgs-tts/node-red/';
const nodeDir = (type: string) => path.join(ROOT, 'dist', 'nodes', type);
const read = (...parts: string[]) => fs.readFileSync(path.join(...parts), 'utf8');
const editorOf = (type: string) => read(nodeDir(type), `${type}.html`);

function catalogue(type: string, language: string): unknown {
  return JSON.parse(read(nodeDir(type), 'locales', language, `${type}.json`));
}

/** Every text of a catalogue with the keys that lead to it. */
function texts(value: unknown, key = ''): [string, string][] {
  if (typeof value === 'string') return [[key, value]];
  return Object.entries(value as object).flatMap(([name, inner]) => texts(inner, key === '' ? name : `${key}.${name}`));
}

/** The full keys that a dialog and the code behind it ask for. Those that code puts together are seen in test/editor. */
function keysUsed(type: string, html: string): string[] {
  const attributes = [...html.matchAll(/data-i18n="([^"]+)"/g)].map((match) => match[1]!.replace(/^\[\w+\]/, ''));
  const own = [...html.matchAll(/\._\("(\w+\.[^"]+)"/g)].map((match) => `${PACKAGE}${type}:${match[1]!}`);
  const shared = [...html.matchAll(/sharedText\("([^"]+)"/g)].map((match) => `${PACKAGE}higgs-engine:${match[1]!}`);
  return [...attributes, ...own, ...shared];
}

const SECTIONS = {
  'en-US': ['Properties', 'Inputs', 'Outputs'],
  de: ['Eigenschaften', 'Eingänge', 'Ausgänge'],
} as const;
/** Nodes that no message passes through. */
const WITHOUT_MESSAGES: readonly string[] = ['higgs-engine', 'higgs-server', 'higgs-sounds'];
const helpOf = (type: string, language: string) => read(nodeDir(type), 'locales', language, `${type}.html`);

/** What the runtime part of a node looks for in a message: its inputs' `message`, and what its code reads off `msg`. */
function messagePropertiesOf(type: string): string[] {
  const folder = path.join(ROOT, 'nodes', type);
  const speaks = type === 'higgs-synthesize' || type === 'higgs-dialogue';
  const common = path.join(ROOT, 'nodes', 'common');
  const files = [
    ...fs.readdirSync(folder).map((file) => path.join(folder, file)),
    ...(speaks ? fs.readdirSync(common).map((file) => path.join(common, file)) : []),
  ].filter((file) => file.endsWith('.ts'));
  const code = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  const named = [...code.matchAll(/\bmessage: '(\w+)'|\bmsg\.(\w+)/g)].map((match) => match[1] ?? match[2]!);
  return [...new Set(named)].filter((name) => !name.startsWith('_'));
}

describe.each(NODE_TYPES)('%s', (type) => {
  test('has the same keys in every language, and a text for each', () => {
    const [english, ...others] = LANGUAGES.map((language) => texts(catalogue(type, language)));
    for (const other of others) expect(other.map(([key]) => key).sort()).toEqual(english!.map(([key]) => key).sort());
    for (const [key, text] of [english!, ...others].flat()) expect(text.trim(), key).not.toBe('');
  });

  test('keeps the placeholders of a text in every language', () => {
    const placeholders = (text: string) => [...text.matchAll(/__(\w+?)__/g)].map((match) => match[1]).sort();
    const german = new Map(texts(catalogue(type, 'de')));
    for (const [key, text] of texts(catalogue(type, 'en-US'))) {
      expect(placeholders(german.get(key)!), key).toEqual(placeholders(text));
    }
  });

  test('finds every text that its editor asks for, in every language', () => {
    const used = keysUsed(type, editorOf(type));
    expect(used.length).toBeGreaterThan(3);
    for (const language of LANGUAGES) {
      const known = new Set(
        NODE_TYPES.flatMap((owner) => texts(catalogue(owner, language)).map(([key]) => `${PACKAGE}${owner}:${key}`)),
      );
      for (const key of used) expect(known, `${language} ${key}`).toContain(key);
    }
  });

  test.each(LANGUAGES)('has a help text (%s) in Node-RED’s own form', (language) => {
    const help = helpOf(type, language);
    expect(help).toMatch(new RegExp(`^<script type="text/markdown" data-help-name="${type}">`));
    const sections = [...help.matchAll(/^### (.+)$/gm)].map((match) => match[1]!);
    const [properties, inputs, outputs] = SECTIONS[language];
    expect(sections).toContain(properties);
    if (!WITHOUT_MESSAGES.includes(type)) expect(sections).toEqual(expect.arrayContaining([inputs, outputs]));
    // Node-RED takes a definition for one only where it is one line with three colons.
    for (const line of help.split('\n').filter((other) => other.startsWith(': '))) {
      expect(line).toMatch(/^: [^:(]+ \([^:)]+\) : [^:]+$/);
    }
  });

  test.each(LANGUAGES)('explains (%s) every property of a message that it reads', (language) => {
    const help = helpOf(type, language);
    for (const name of messagePropertiesOf(type)) {
      expect(help, `${type} ${name}`).toMatch(new RegExp(`^: \\*?${name}\\*? \\(|\\\`${name}\\\``, 'm'));
    }
  });

  test('uses an icon that ships and that is drawn on the size Node-RED draws on', () => {
    expect(read(nodeDir(type), 'icons', `${type}.svg`)).toContain('viewBox="0 0 40 60"');
  });

  test('has an input field in its dialog for every property that it keeps', () => {
    const html = editorOf(type);
    const form = FORMS.find((other) => other.type === type)!;
    const names = propertyNames(form);
    expect(names.length).toBeGreaterThan(3);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(html).toContain(`id="${elementId(form, name)}"`);
  });
});

test('every error has its short text for the status', () => {
  for (const language of LANGUAGES) {
    const { errors } = catalogue('higgs-engine', language) as { errors: Record<string, string> };
    expect(Object.keys(errors).sort()).toEqual(Object.keys(REMEDIES).sort());
    for (const text of Object.values(errors)) expect(text.length).toBeLessThanOrEqual(30);
  }
});
