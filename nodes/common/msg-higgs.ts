/**
 * msg.higgs both ways: what comes in overrides a node's fields, what goes out tells what was made.
 *
 * A message that passes two speaking nodes brings the first one's account to the second. It must not be taken for
 * overrides: `seed` is the seed that was used there, not one that is wanted here. An account therefore carries, in
 * `result`, those of its values whose names are fields as well. A value that is still as the account told it is none of
 * the message's own; one that was changed since (by a Change node, say) is an override like any other.
 */
import { isDeepStrictEqual } from 'node:util';
import { HiggsError } from '../../src/engine/index.js';
import { nearestName } from './nearest-name.js';
import type { NodeMessageInFlow } from './node-red.js';
import { invalid } from './readers.js';
import { isRecord } from './values.js';

type Fields = Readonly<Record<string, unknown>>;

/** The account's own values under names that are no fields: whoever comes after may leave them where they are. */
const ACCOUNT_ONLY = new Set([
  'seconds',
  'workSeconds',
  'firstSoundSeconds',
  'frames',
  'stop',
  'marks',
  'cached',
  'kept',
  'retries',
  'sampleRateHz',
  'channels',
  'mediaType',
  'bytes',
  'subtitleText',
  'subtitleFile',
  'cancelled',
  'failed',
  'report',
  'voices',
  'played',
  'url',
]);
/** Names of an account that are fields too. */
const BOTH = ['seed', 'voice', 'format', 'filename'] as const;

/** The overrides that a message brings: its msg.higgs less what is a former node's account. Throws HIGGS_OPTION_INVALID. */
export function overridesOf(msg: NodeMessageInFlow): Fields {
  const { higgs } = msg as { higgs?: unknown };
  if (higgs === undefined || higgs === null || higgs === '') return {};
  if (!isRecord(higgs))
    throw invalid('msg.higgs', higgs, 'an object with fields of the node, such as { "speed": 1.2 }');
  const { result, ...fields } = higgs;
  if (!isRecord(result)) return higgs;
  const isOwn = ([name, value]: [string, unknown]) =>
    !ACCOUNT_ONLY.has(name) && !(Object.hasOwn(result, name) && isDeepStrictEqual(value, result[name]));
  return Object.fromEntries(Object.entries(fields).filter(isOwn));
}

/** Overrides that are none of `names`, for the nodes behind one that speaks nothing itself. */
export function othersOf(overrides: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(overrides).filter(([name]) => !names.includes(name)));
}

/** Throws HIGGS_OPTION_INVALID for the first override that is none of `names`, with the one that was probably meant. */
export function refuseOthers(overrides: Fields, names: readonly string[]): void {
  const other = Object.keys(overrides).find((name) => !names.includes(name));
  if (other === undefined) return;
  const near = nearestName(other, names);
  const hint =
    near === undefined ? `it takes: ${names.join(', ')}` : `"msg.higgs.${near}" is the nearest that it takes`;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The node takes no "msg.higgs.${other}"; ${hint}.`);
}

/** What goes out as msg.higgs: `account`, marked so that no node takes it for overrides; `others` are passed on as such. */
export function accountFor(account: Fields, others: Fields = {}): Fields {
  const told = BOTH.filter((name) => account[name] !== undefined);
  return { ...others, ...account, result: Object.fromEntries(told.map((name) => [name, account[name]])) };
}
