import path from 'node:path';
import { CHIMES, defaultDataDir, PRODUCTION_RULES, type NumberRule } from '../../src/engine/index.js';
import { ANNOUNCER_FORMATS, ANNOUNCER_RULES, type AnnouncerOptions } from '../../src/service/index.js';
import { DISCOVERY_PREFIX } from '../common/catalogue.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { readChoice, readNumber } from '../common/readers.js';
import { readSpokenText } from '../common/spoken-text.js';
import { isRecord, leaveOut } from '../common/values.js';
import { brokerOf } from './broker.js';

/** What of the announcer's options lies in the node's fields; empty ones take the announcer's own values. */
type FieldOptions = Omit<AnnouncerOptions, 'engine' | 'soundHost' | `on${string}`>;

/** Throws HIGGS_OPTION_INVALID that names the field. */
export function announcerOptions(red: NodeAPI, saved: Saved): FieldOptions {
  const number = (name: string, rule: NumberRule) => numberOf(saved, name, rule);
  const voice = textOf(saved.voice);
  const chime = textOf(saved.chimeBefore);
  const loudnessLufs = number('loudness', PRODUCTION_RULES.loudnessLufs);
  const { userDir } = red.settings;
  return {
    broker: brokerOf(red, saved.broker),
    id: textOf(saved.device) ?? saved.id,
    folder: userDir === undefined ? defaultDataDir() : path.resolve(userDir, 'higgs-tts'),
    speech: leaveOut({
      voice: voice === undefined ? undefined : ({ kind: 'named', name: voice } as const),
      language: textOf(saved.language),
    }),
    production: leaveOut({
      loudnessLufs,
      chimeBefore:
        chime === undefined
          ? undefined
          : ({ kind: 'builtin', name: readChoice(CHIMES)(chime, 'chimeBefore') } as const),
    }),
    format: readChoice(ANNOUNCER_FORMATS)(saved.format ?? ANNOUNCER_FORMATS[0], 'format'),
    // An empty prefix is a wish of its own: not to be found.
    discoveryPrefix: typeof saved.discoveryPrefix === 'string' ? saved.discoveryPrefix.trim() : DISCOVERY_PREFIX,
    ...leaveOut({
      name: textOf(saved.name),
      topic: textOf(saved.topic),
      cooldownSeconds: number('cooldownSeconds', ANNOUNCER_RULES.cooldownSeconds),
      quietHours: textOf(saved.quietHours),
      quietPriority: number('quietPriority', ANNOUNCER_RULES.quietPriority),
      queueLimit: number('queueLimit', ANNOUNCER_RULES.queueLimit),
    }),
  };
}

/** What a message asks for: a text as the speaking nodes take it, or an object of a command's fields as JSON. */
export function commandIn(payload: unknown): string {
  const text = readSpokenText(payload, 'msg.payload');
  if (!isRecord(payload)) return text;
  // Notifications have their text in `message`.
  return JSON.stringify({ ...payload, text, message: undefined });
}

function numberOf(saved: Saved, name: string, rule: NumberRule): number | undefined {
  const value = saved[name];
  return value === undefined || value === '' ? undefined : readNumber(rule)(value, name);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
