/**
 * Who may import whom: rooms.json says it once, for this rule and for the table in docs/architecture.md. Types count as code
 * does, and no file may import itself by way of others.
 */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = import.meta.dirname;

/** @typedef {{ name: string, at: string[], shared?: boolean, job: string, calls: string[] }} Room */

/** @type {Room[]} */
export const ROOMS = JSON.parse(fs.readFileSync(path.join(ROOT, 'rooms.json'), 'utf8'));

/** @param {string} file from the root, with slashes */
function roomOf(file) {
  const places = ROOMS.flatMap((room) => room.at.map((place) => ({ room, place })));
  const found = places.filter(({ place }) => (place.endsWith('/') ? file.startsWith(place) : file === place));
  return found.sort((a, b) => b.place.length - a.place.length)[0]?.room;
}

/** @param {string} from @param {string} specifier */
function targetOf(from, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** @type {Map<string, string[]>} */
const importsOfFile = new Map();

/** @param {string} file */
function importsOf(file) {
  const known = importsOfFile.get(file);
  if (known !== undefined) return known;
  const full = path.join(ROOT, file);
  const text = fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : '';
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const found = importedFiles.map(({ fileName }) => targetOf(file, fileName)).filter((target) => target !== undefined);
  importsOfFile.set(file, found);
  return found;
}

/** The way from `from` back to `file`, or undefined. @param {string} file @param {string} from @returns {string[] | undefined} */
export function wayBack(file, from) {
  /** @type {string[][]} */
  const ways = [[from]];
  const seen = new Set([from]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of importsOf(way.at(-1) ?? '')) {
      if (next === file) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** Why the import is refused, or undefined. @param {string} from @param {string} specifier */
export function refusalOf(from, specifier) {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  if (/^onnxruntime-/.test(specifier) && room.name !== 'runtime') return 'Only runtime/ talks to onnxruntime.';
  if (/^(?:node-red|@node-red\/)/.test(specifier) && room.name !== 'nodes') return 'Only nodes/ knows Node-RED.';
  const target = targetOf(from, specifier);
  if (target === undefined) return undefined;
  const other = roomOf(target);
  const inEngine = from.startsWith('src/engine/') && room.shared !== true;
  const isAllowed = other === room || (inEngine && other?.shared === true) || room.calls.includes(other?.name ?? '');
  if (!isAllowed) return `The room "${room.name}" does not call "${other?.name ?? target}" (rooms.json).`;
  const way = wayBack(from, target);
  return way && `This import comes back to this file: ${way.join(' -> ')}.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = path.relative(ROOT, context.filename).split(path.sep).join('/');
    /** @param {any} node */
    const check = (node) => {
      const source = node.source ?? node.argument?.literal ?? node.argument;
      if (typeof source?.value !== 'string') return;
      const message = refusalOf(from, source.value);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export const rooms = { rules: { imports } };
