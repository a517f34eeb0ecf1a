/** What there is to choose from, in OpenAI's lists. */
import path from 'node:path';
import type { EngineInfo, VoiceInfo } from '../../engine/index.js';

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

export function voiceEntry({ name, origin, description }: VoiceInfo) {
  return { id: name, object: 'voice', name, origin, ...(description === undefined ? {} : { description }) } as const;
}
