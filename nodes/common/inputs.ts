/**
 * What a node works with is a table: for each input, in the order in which they win, msg.higgs.<its name in the table>, a
 * message property that older flows set, the node's own property (a typed input: a value, or where to find it), and
 * what holds where all are empty.
 */
import { HiggsError } from '../../src/engine/index.js';
import type { Node, NodeAPI, NodeMessageInFlow, Saved } from './node-red.js';

export interface Input<T> {
  /** Property of the message that wins over the node's, such as `seed` for msg.seed; newer inputs have none. */
  readonly message?: string;
  /** Property of the saved node; its kind (str, num, msg, flow, global, env, jsonata, …) lies in `<property>Type`. */
  readonly property?: string;
  /** The kind where `<property>Type` is not saved; `str` where this is left out. */
  readonly kind?: string;
  /** The property where the saved node lacks it: what the editor gives a new node. */
  readonly initial?: string;
  /** A set value as the engine takes it; throws HIGGS_OPTION_INVALID, with `name` in it, for one it cannot read. */
  readonly read: (value: unknown, name: string, look: Look) => T | Promise<T>;
  readonly fallback: T;
  /** What becomes of msg.higgs.<name>, in the light of what holds without it; throws where a message may not set that. */
  override?(value: T, own: OwnValue<T>, name: string): T;
}

/** What holds where msg.higgs says nothing: the value, and whether the node leaves it to other messages' properties. */
export interface OwnValue<T> {
  readonly value: T;
  readonly isFromMessage: boolean;
}

/** Finds what a value of a typed input's kind stands for; undefined where it is not set. `name` is for errors. */
export type Look = (value: unknown, kind: string, name: string) => Promise<unknown>;

export type InputTable = Readonly<Record<string, Input<unknown>>>;
export type InputValues<Table extends InputTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Input<infer T> ? T : never;
};

/** What an input may be read from. */
export interface InputSources {
  readonly red: NodeAPI;
  readonly node: Node;
  readonly saved: Saved;
  readonly msg: NodeMessageInFlow;
  /** What `overridesOf` gives for the message. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Reads every input of `table` for one message. Throws HIGGS_OPTION_INVALID that names where the wrong value came from. */
export async function readInputs<Table extends InputTable>(
  sources: InputSources,
  table: Table,
): Promise<InputValues<Table>> {
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(table)) values[name] = await readInput(sources, name, input);
  return values as InputValues<Table>;
}

async function readInput(sources: InputSources, name: string, input: Input<unknown>): Promise<unknown> {
  const { overrides } = sources;
  const look: Look = (value, kind, from) => evaluate(sources, value, kind, from);
  if (!isSet(overrides[name])) return (await readOwn(sources, input, look)).value;
  const value = await input.read(overrides[name], `msg.higgs.${name}`, look);
  if (input.override === undefined) return value;
  return input.override(value, await readOwn(sources, input, look), `msg.higgs.${name}`);
}

async function readOwn(
  { saved, msg }: InputSources,
  { message, property, ...input }: Input<unknown>,
  look: Look,
): Promise<OwnValue<unknown>> {
  if (message !== undefined && isSet(msg[message])) {
    return { value: await input.read(msg[message], `msg.${message}`, look), isFromMessage: true };
  }
  const nothing = { value: input.fallback, isFromMessage: false };
  if (property === undefined) return nothing;
  const value = saved[property] === undefined ? input.initial : saved[property];
  if (!isSet(value)) return nothing;
  const savedKind = saved[`${property}Type`];
  const kind = typeof savedKind === 'string' ? savedKind : (input.kind ?? 'str');
  const found = await look(value, kind, property);
  const isFromMessage = kind === 'msg';
  if (!isSet(found)) return { ...nothing, isFromMessage };
  return { value: await input.read(found, nameOf(property, value, kind), look), isFromMessage };
}

/** Properties of these kinds say where to look; the others are values in themselves. */
const LOOKED_UP = new Set(['msg', 'flow', 'global', 'env', 'jsonata', 'json', 'num', 'bool', 'date', 'bin']);

function evaluate({ red, node, msg }: InputSources, value: unknown, kind: string, property: string): Promise<unknown> {
  if (!LOOKED_UP.has(kind) || typeof value !== 'string') return Promise.resolve(value);
  return new Promise<unknown>((resolve, reject) => {
    red.util.evaluateNodeProperty(value, kind, node, msg, (error: Error | null, found: unknown) => {
      if (error) reject(error);
      else resolve(found);
    });
  }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HiggsError('HIGGS_OPTION_INVALID', `The property "${property}" (${kind}) cannot be read: ${why}.`, {
      cause,
    });
  });
}

function nameOf(property: string, value: unknown, kind: string): string {
  return ['msg', 'flow', 'global', 'env'].includes(kind) ? `${kind}.${String(value)}` : property;
}

/** An empty field of the editor and a missing or null message property mean: not set. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
