/** The voices that clients of OpenAI's API ask for by default, as names for the voices there are. */
import type { VoiceInfo } from '../../engine/index.js';

interface UsualVoice {
  readonly gender: 'feminine' | 'masculine';
  /** How it is described elsewhere, in words that descriptions of voices have. */
  readonly tones: readonly string[];
}

/** OpenAI's voices by gender and tone; of a voice's description the words count that stand here. */
export const USUAL_VOICES = {
  alloy: { gender: 'feminine', tones: ['even', 'neutral'] },
  ash: { gender: 'masculine', tones: ['clear', 'young'] },
  ballad: { gender: 'masculine', tones: ['warm', 'soft'] },
  cedar: { gender: 'masculine', tones: ['calm', 'deep'] },
  coral: { gender: 'feminine', tones: ['warm', 'friendly'] },
  echo: { gender: 'masculine', tones: ['even', 'calm'] },
  fable: { gender: 'masculine', tones: ['bright', 'british', 'scottish'] },
  marin: { gender: 'feminine', tones: ['clear', 'natural'] },
  nova: { gender: 'feminine', tones: ['bright', 'lively'] },
  onyx: { gender: 'masculine', tones: ['deep', 'low'] },
  sage: { gender: 'feminine', tones: ['calm', 'gentle'] },
  shimmer: { gender: 'feminine', tones: ['soft', 'calm'] },
  verse: { gender: 'masculine', tones: ['lively', 'expressive'] },
} as const satisfies Record<string, UsualVoice>;

export type UsualVoiceName = keyof typeof USUAL_VOICES;

export function isUsualVoice(name: string): name is UsualVoiceName {
  return Object.hasOwn(USUAL_VOICES, name);
}

/**
 * The voice that speaks as `name`: one that is called that, else one of its gender whose description shares most words
 * with it; names that could have several voices are dealt to them in turn. The embedded voices come first, so that a
 * voice that is added changes nobody's. Undefined where no voice has the gender.
 */
export function voiceFor(name: UsualVoiceName, voices: readonly VoiceInfo[]): VoiceInfo | undefined {
  const own = voices.find((voice) => voice.name.toLowerCase() === name);
  if (own !== undefined) return own;
  const { gender } = USUAL_VOICES[name];
  const ofGender = voices.filter((voice) => wordsOf(voice).includes(gender));
  const embedded = ofGender.filter(({ origin }) => origin === 'embedded');
  const candidates = embedded.length > 0 ? embedded : ofGender;
  const best = Math.max(...candidates.map((voice) => likeness(name, voice)));
  const alike = candidates.filter((voice) => likeness(name, voice) === best);
  const before = namesOf(gender).indexOf(name);
  return alike[before % Math.max(1, alike.length)];
}

/** The names under which voices are known beside their own, each with its voice. */
export function usualNames(
  voices: readonly VoiceInfo[],
): readonly { readonly name: string; readonly voice: VoiceInfo }[] {
  return (Object.keys(USUAL_VOICES) as UsualVoiceName[]).flatMap((name) => {
    const voice = voiceFor(name, voices);
    return voice === undefined || voice.name.toLowerCase() === name ? [] : [{ name, voice }];
  });
}

function likeness(name: UsualVoiceName, voice: VoiceInfo): number {
  const words = wordsOf(voice);
  return USUAL_VOICES[name].tones.filter((tone) => words.includes(tone)).length;
}

function wordsOf({ description = '' }: VoiceInfo): readonly string[] {
  return description.toLowerCase().split(/\P{L}+/u);
}

function namesOf(gender: string): readonly string[] {
  return Object.entries(USUAL_VOICES)
    .filter(([, usual]) => usual.gender === gender)
    .map(([name]) => name);
}
