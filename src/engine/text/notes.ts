/** What a voice will not say as it was meant, told before it is spoken: another language, letters that it does not have. */
import { detectLanguage } from './languages/index.js';

export interface ReadingNote {
  readonly kind: 'language' | 'letters';
  /** One sentence for people. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
}

const NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  pt: 'Portuguese',
  nl: 'Dutch',
  sv: 'Swedish',
  da: 'Danish',
  nb: 'Norwegian',
  fi: 'Finnish',
  pl: 'Polish',
  cs: 'Czech',
  zh: 'Chinese',
  ja: 'Japanese',
  ko: 'Korean',
  ru: 'Russian',
  uk: 'Ukrainian',
  el: 'Greek',
  ar: 'Arabic',
  he: 'Hebrew',
  th: 'Thai',
  hi: 'Hindi',
};

/**
 * Notes on `text` for a voice that speaks `spoken` (primary language subtags) alone. A word or two of another language inside
 * it are none; letters of scripts that the voice does not have are.
 */
export function notesOn(text: string, spoken: readonly string[]): ReadingNote[] {
  const language = detectLanguage(text);
  const voice = spoken.map((tag) => NAMES[tag] ?? tag).join(' and ');
  if (language !== undefined && !spoken.includes(language)) {
    const name = NAMES[language] ?? language;
    return [
      {
        kind: 'language',
        message: `The text seems to be ${name}, and this voice only knows ${voice}.`,
        remedy: `Choose a model that speaks ${name}, or send ${voice} text.`,
      },
    ];
  }
  const foreign = text.match(/(?!\p{Script=Latin})\p{L}[\p{L}\p{M}]{0,40}/gu) ?? [];
  if (foreign.length === 0) return [];
  const shown = [...new Set(foreign)].slice(0, 3).join(', ');
  return [
    {
      kind: 'letters',
      message: `This voice has no letters for “${shown}” and leaves them out.`,
      remedy: `Write them in Latin letters, give them in the lexicon, or choose a model that speaks their language.`,
    },
  ];
}
