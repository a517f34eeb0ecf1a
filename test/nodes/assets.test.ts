import fs from 'node:fs';
import path from 'node:path';
import { REMEDIES } from '@higgs-tts/node-red/engine';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../engine-kit.js';
import { NODE_TYPES } from './node-red-kit.js';

const LANGUAGES = ['en-US', 'de'] as const;
const SHARED = '@higgs-tts/node-red/higgs-engine:';
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

/** The keys that an editor or the runtime asks for: data-i18n, node._("…"), HiggsTts.text("…"). */
function keysUsed(html: string): string[] {
  const attributes = [...html.matchAll(/data-i18n="([^"]+)"/g)].flatMap((match) => match[1]!.split(';'));
  const calls = [...html.matchAll(/(?:this|node)\._\("([^"]+)"/g)].map((match) => match[1]!);
  const shared = [...html.matchAll(/(?:HiggsTts\.text|\btext)\("([a-z]+\.[^"]+)"/gi)].map(
    (match) => SHARED + match[1]!,
  );
  return [...attributes.map((key) => key.replace(/^\[\w+\]/, '')), ...calls, ...shared];
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

  test('finds every text that its editor asks for', () => {
    const own = new Set(texts(catalogue(type, 'en-US')).map(([key]) => key));
    const shared = new Set(texts(catalogue('higgs-engine', 'en-US')).map(([key]) => key));
    const used = keysUsed(editorOf(type));
    expect(used.length).toBeGreaterThan(3);
    for (const key of used) {
      if (key.startsWith(SHARED)) expect(shared, key).toContain(key.slice(SHARED.length));
      else expect(own, key).toContain(key);
    }
  });

  test('has a help text in every language that documents its fields and outputs', () => {
    for (const language of LANGUAGES) {
      const help = read(nodeDir(type), 'locales', language, `${type}.html`);
      expect(help).toMatch(new RegExp(`^<script type="text/html" data-help-name="${type}">`));
      expect(help.match(/<h3>/g)!.length).toBeGreaterThanOrEqual(2);
      expect(help.match(/<dl/g)!.length).toBe(help.match(/<\/dl>/g)!.length);
    }
  });

  test('uses an icon that ships and that is drawn on the size Node-RED draws on', () => {
    const html = editorOf(type);
    const icon = /icon: "([^"]+)"/.exec(html)?.[1];
    if (type === 'higgs-engine') expect(html).toContain('category: "config"');
    else expect(icon).toBe(`${type}.svg`);
    expect(read(nodeDir(type), 'icons', `${type}.svg`)).toContain('viewBox="0 0 40 60"');
  });

  test('has an input field in its dialog for every property that it keeps', () => {
    const html = editorOf(type);
    const defaults = /defaults: \{([\s\S]*?)\n {8}\},/.exec(html)![1]!;
    const names = [...defaults.matchAll(/^ {12}(\w+): /gm)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(3);
    const prefix = type === 'higgs-engine' ? 'node-config-input' : 'node-input';
    // The list of speakers is an editable list, kept by the dialog itself.
    for (const name of names.filter((other) => other !== 'speakers')) expect(html).toContain(`id="${prefix}-${name}"`);
  });
});

test('every error has its short text for the status', () => {
  for (const language of LANGUAGES) {
    const { errors } = catalogue('higgs-engine', language) as { errors: Record<string, string> };
    expect(Object.keys(errors).sort()).toEqual(Object.keys(REMEDIES).sort());
    for (const text of Object.values(errors)) expect(text.length).toBeLessThanOrEqual(30);
  }
});
