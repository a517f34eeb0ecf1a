/** What Node-RED's admin API gives of an installed package: types, dialogs, help, locales, icons, examples. */
import fs from 'node:fs';
import path from 'node:path';
import type { NodeRed } from '../demo/node-red.js';

export const PACKAGE = '@higgs-tts/node-red';
const LANGUAGES = ['en-US', 'de'];

interface Part {
  readonly name: string;
  readonly check: () => Promise<void>;
}

interface NodeSet {
  readonly id: string;
  readonly module: string;
  readonly types: readonly string[];
  readonly err?: string;
}

/** `root`: the sources, which say what must be there. */
export function checkEditorParts(nodeRed: NodeRed, root: string): readonly Part[] {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
  };
  const types = Object.keys(manifest['node-red'].nodes);
  const examples = fs
    .readdirSync(path.join(root, 'examples'))
    .flatMap((file) => (file.endsWith('.json') ? [path.basename(file, '.json')] : []));
  return [
    {
      name: `its types are loaded (${types.join(', ')})`,
      check: async () => {
        const sets = ((await nodeRed.get('nodes')) as readonly NodeSet[]).filter((set) => set.module === PACKAGE);
        for (const { id, err } of sets) if (err !== undefined) throw new Error(`${id}: ${err}`);
        expectAll(
          types,
          sets.flatMap((set) => set.types),
          'type',
        );
      },
    },
    {
      name: 'its plugins are loaded',
      check: async () => {
        const plugins = (await nodeRed.get('plugins')) as readonly NodeSet[];
        const own = plugins.filter((set) => set.module === PACKAGE).map(({ id }) => id.split('/').pop()!);
        expectAll(Object.keys(manifest['node-red'].plugins), own, 'plugin');
      },
    },
    {
      name: 'each type has its dialog, its code and its help',
      check: async () => {
        for (const type of types) {
          const html = await nodeRed.text(`nodes/${PACKAGE}/${type}`);
          for (const part of [`data-template-name="${type}"`, `data-help-name="${type}"`, 'registerType']) {
            if (!html.includes(part)) throw new Error(`${type} has no ${part}.`);
          }
        }
      },
    },
    {
      name: `each type has its texts in ${LANGUAGES.join(' and ')}`,
      check: async () => {
        for (const language of LANGUAGES) {
          const catalogues = (await nodeRed.get(`nodes/messages?lng=${language}`)) as Record<
            string,
            object | undefined
          >;
          for (const type of types) {
            const texts = catalogues[`${PACKAGE}/${type}`] ?? {};
            if (Object.keys(texts).length === 0) throw new Error(`${type} has no texts in ${language}.`);
          }
        }
      },
    },
    {
      name: 'its icons are there',
      check: async () => {
        const icons = (await nodeRed.get('icons')) as Record<string, readonly string[] | undefined>;
        const placed = types.filter((type) => fs.existsSync(path.join(root, 'icons', `${type}.svg`)));
        expectAll(
          placed.map((type) => `${type}.svg`),
          icons[PACKAGE] ?? [],
          'icon',
        );
      },
    },
    {
      name: 'its examples can be imported',
      check: async () => {
        for (const example of examples) {
          if ((await nodeRed.example(PACKAGE, example)).length === 0) throw new Error(`${example} is empty.`);
        }
      },
    },
  ];
}

function expectAll(wanted: readonly string[], given: readonly string[], kind: string): void {
  const missing = wanted.filter((name) => !given.includes(name));
  if (missing.length > 0) throw new Error(`There is no ${kind} ${missing.join(', ')}; there are ${given.join(', ')}.`);
}
