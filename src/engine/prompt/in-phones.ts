/** Requests as a model that reads phones gets them: each text in the accent of whoever says it. */
import type { Pronunciation } from '../pronunciation/index.js';
import type { Accent } from '../requests.js';
import type { ConversationRequest, PromptVoice } from './conversation.js';

const SPEAKER_TAG = /(\[SPEAKER\d{1,3}\])/u;

/** `request` with its texts in phones; tags stay, and change the accent where speakers take turns. */
export function inPhones<Clip>(
  request: ConversationRequest<Clip>,
  pronunciation: Pronunciation,
): ConversationRequest<Clip> {
  const { voices = [], context } = request;
  const read = (text: string): string => readTurns(text, voices.map(accentOf), pronunciation);
  return {
    ...request,
    text: read(request.text),
    voices: voices.map((voice) =>
      voice.kind === 'cloned'
        ? { ...voice, transcript: readTurns(voice.transcript, [accentOf(voice)], pronunciation) }
        : voice,
    ),
    ...(context === undefined ? {} : { context: context.map((turn) => ({ ...turn, text: read(turn.text) })) }),
  };
}

/** American unless a clip's owner or a description says British. */
export function accentOf(voice: PromptVoice<unknown> | undefined): Accent {
  if (voice?.kind === 'cloned') return voice.accent ?? 'american';
  return voice?.kind === 'described' && /\bbritish\b/i.test(voice.description) ? 'british' : 'american';
}

/** Speaker n has `accents[n]`; before any speaker's tag it is the first one's turn. */
function readTurns(text: string, accents: readonly Accent[], pronunciation: Pronunciation): string {
  const reader = (speaker: number) => pronunciation.reader(accents[speaker] ?? 'american');
  let speaker = 0;
  const parts = text.split(SPEAKER_TAG).map((part, index) => {
    if (index % 2 === 0) return reader(speaker).readTagged(part);
    speaker = Number(part.slice('[SPEAKER'.length, -1));
    return part;
  });
  return parts.filter((part) => part !== '').join(' ');
}
