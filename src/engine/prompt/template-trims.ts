/**
 * A template's trims made those of Python. The library does them as JavaScript does, and passes over the characters that
 * `strip` is given; so its trees get calls of functions of ours in their place.
 */
import { isObject } from '../values.js';
import { splitAtBlanks, trimText, type TrimSide } from '../text/python-blanks.js';

type TreeNode = Record<string, unknown>;

const TRIM = 'python trim';
const METHODS: Readonly<Record<string, string>> = {
  strip: TRIM,
  lstrip: 'python lstrip',
  rstrip: 'python rstrip',
  split: 'python split',
};

/** What the changed trees call: variables for the template, under names that no template can write. */
export const TRIM_FUNCTIONS: Readonly<Record<string, unknown>> = {
  [TRIM]: trimmer('both'),
  [METHODS.lstrip!]: trimmer('start'),
  [METHODS.rstrip!]: trimmer('end'),
  [METHODS.split!]: (text: unknown) => splitAtBlanks(asText(text)),
};

function trimmer(side: TrimSide): (text: unknown, characters?: unknown) => string {
  return (text, characters) => trimText(asText(text), side, typeof characters === 'string' ? characters : undefined);
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error('only texts can be trimmed');
}

/** Changes `tree`, a parsed template, in its place: every `x | trim`, `x.strip()` and their like. */
export function trimLikePython(tree: object): void {
  // A list of what is still to be seen: how deep a stranger's template goes is not known.
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (isNode(next)) replaceTrim(next);
    for (const child of childrenOf(next)) waiting.push(child);
  }
}

function childrenOf(value: unknown): Iterable<unknown> {
  // A literal object's entries.
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].flat();
  return typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [];
}

function replaceTrim(node: TreeNode): void {
  const call = trimFilter(node) ?? trimMethod(node);
  if (call === undefined) return;
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  Object.assign(node, call);
}

/** `operand | trim`, `operand | trim('xy')`, and a block between `{% filter trim %}` and its end. */
function trimFilter(node: TreeNode): TreeNode | undefined {
  const { type, filter } = node;
  if ((type !== 'FilterExpression' && type !== 'FilterStatement') || !isNode(filter)) return undefined;
  const name = filter.type === 'CallExpression' ? filter.callee : filter;
  if (!isNode(name) || name.value !== 'trim') return undefined;
  const operand = type === 'FilterExpression' ? node.operand : { type: 'Program', body: node.body };
  return callOf(TRIM, [operand, ...argumentsOf(filter)]);
}

/** `object.strip()` and its like; `split` only where it parts at blanks. */
function trimMethod({ type, callee, args }: TreeNode): TreeNode | undefined {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = callee;
  if (computed === true || !isNode(property) || !Object.hasOwn(METHODS, String(property.value))) return undefined;
  const given = argumentsOf({ args });
  if (property.value === 'split' && given.length > 0) return undefined;
  return callOf(METHODS[String(property.value)]!, [object, ...given]);
}

function callOf(name: string, args: readonly unknown[]): TreeNode {
  return { type: 'CallExpression', callee: { type: 'Identifier', value: name }, args };
}

function argumentsOf({ args }: TreeNode): readonly unknown[] {
  return Array.isArray(args) ? (args as unknown[]) : [];
}

function isNode(value: unknown): value is TreeNode {
  return isObject(value) && typeof value.type === 'string';
}
