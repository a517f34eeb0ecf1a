import type { Voice } from '../../src/engine/index.js';

/** What the engine will call a voice: its name, "clip", its description, or "any". */
export function describeVoice(voice: Voice = { kind: 'any' }): string {
  if (typeof voice === 'string') return voice;
  switch (voice.kind) {
    case 'named':
      return voice.name;
    case 'described':
      return voice.description;
    case 'clip':
    case 'any':
      return voice.kind;
  }
}
