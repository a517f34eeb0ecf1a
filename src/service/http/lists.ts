/** What there is to choose from, in OpenAI's lists and in those that its clients' programs read. */
import path from 'node:path';
import type { EngineInfo, VoiceInfo } from '../../engine/index.js';
import { usualNames } from './usual-voices.js';

export interface ModelEntry {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since 1970. */
  readonly created: number;
  readonly owned_by: string;
}

/** The one model that the engine has; of a folder no more than its last name is told. */
export function modelEntry({ model }: EngineInfo, created: number): ModelEntry {
  return { id: path.basename(model), object: 'model', created, owned_by: 'higgs-tts' };
}

export interface VoiceEntry {
  readonly id: string;
  readonly object: 'voice';
  readonly name: string;
  readonly origin: VoiceInfo['origin'] | 'alias';
  readonly description?: string;
  /** The name of the voice that speaks, where this is another name for it. */
  readonly alias_of?: string;
}

/** The voices, then, unless `isStrict`, the names that clients ask for by default. */
export function voiceEntries(voices: readonly VoiceInfo[], isStrict: boolean): readonly VoiceEntry[] {
  const entry = (name: string, { description }: VoiceInfo) => ({
    id: name,
    object: 'voice' as const,
    name,
    ...(description === undefined ? {} : { description }),
  });
  const own = voices.map((voice) => ({ ...entry(voice.name, voice), origin: voice.origin }));
  if (isStrict) return own;
  const aliases = usualNames(voices).map(({ name, voice }) => ({
    ...entry(name, voice),
    origin: 'alias' as const,
    alias_of: voice.name,
  }));
  return [...own, ...aliases];
}
