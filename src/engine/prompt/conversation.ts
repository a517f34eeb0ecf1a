/**
 * Conversations in the chat template's form, and the ones that this package has with the model: a text to speak after what
 * tells the voice. Source: the reference's examples; `test/fixtures/reference/` holds them with their exact text.
 */
import type { CodeFrames } from '../codes.js';
import type { Accent } from '../requests.js';
import { trimText } from '../text/python-blanks.js';
import { dropControlTokens } from '../text/control-tokens.js';

/** `Clip` is what stands for a sound: frames of codes for a model here, a file's bytes for one elsewhere. */
export type ConversationPart<Clip = CodeFrames> =
  | { readonly type: 'text'; readonly text: string }
  /** Frames without bos and eos, without the delay pattern. */
  | { readonly type: 'audio'; readonly frames: Clip };

export interface ConversationMessage<Clip = CodeFrames> {
  /** `scene` stands at most once, after `system`; an `assistant` message is one audio part. */
  readonly role: 'system' | 'scene' | 'user' | 'assistant';
  readonly content: readonly ConversationPart<Clip>[];
}

/** Begins with a system message, ends with the user's text to speak. */
export type Conversation<Clip = CodeFrames> = readonly ConversationMessage<Clip>[];

export type PromptVoice<Clip = CodeFrames> =
  /** The model picks one; among several speakers, feminine and masculine in turn. */
  | { readonly kind: 'any' }
  | { readonly kind: 'described'; readonly description: string }
  /** `accent` counts for models that read phones; left out: American. */
  | {
      readonly kind: 'cloned';
      readonly transcript: string;
      readonly frames: Clip;
      readonly accent?: Accent | undefined;
    };

/** Something said before, with its sound: keeps the voice steady over the pieces of a long text. */
export interface SpokenTurn<Clip = CodeFrames> {
  readonly text: string;
  readonly frames: Clip;
}

export interface ConversationRequest<Clip = CodeFrames> {
  /** Normalised; with `[SPEAKERn]` tags where there are several speakers ({@link tagSpeakers}), with music tags where wanted. */
  readonly text: string;
  /** Speaker n has `voices[n]`; left out: one voice that the model picks. */
  readonly voices?: readonly PromptVoice<Clip>[];
  /** What the system message says before the scene; left out: what the reference says. */
  readonly system?: string;
  /** Left out: {@link USUAL_SCENE}; empty: none, where no voice has to stand in the scene. */
  readonly scene?: string;
  /** Where clips stand; left out: `turns` for one voice, `scene` for several. */
  readonly cloning?: 'turns' | 'scene';
  /** Oldest first; between the clips and the text. */
  readonly context?: readonly SpokenTurn<Clip>[];
}

export const SYSTEM_TEXT = 'Generate audio following instruction.';
/**
 * For several speakers whose voices the model picks. Source: boson-ai/higgs-audio, examples/generation.py; a clip or a description
 * for one of them, and it is the other text there too.
 */
export const SPEAKERS_SYSTEM_TEXT = [
  'You are an AI assistant designed to convert text into speech.',
  "If the user's message includes a [SPEAKER*] tag, do not read out the tag and generate speech for the following text, using the specified voice.",
  'If no speaker tag is present, select a suitable voice on your own.',
].join('\n');
export const USUAL_SCENE = 'Audio is recorded from a quiet room.';
const VOICES_IN_TURN = ['feminine', 'masculine'];

/** The conversation that makes the model speak `text`. Control tokens in a caller's words are dropped, for they are commands. */
export function composeConversation<Clip = CodeFrames>(request: ConversationRequest<Clip>): Conversation<Clip> {
  const { text, voices = [], context = [] } = request;
  const cloning = request.cloning ?? (voices.length > 1 ? 'scene' : 'turns');
  const inScene = voices.flatMap((voice, speaker) => sceneParts(voice, speaker, voices.length, cloning));
  const scene = trimText(dropControlTokens(request.scene ?? USUAL_SCENE));
  // The template sets the scene's first words apart from the voices, so these need some before them.
  const sceneText = scene === '' && inScene.length > 0 ? USUAL_SCENE : scene;
  return [
    message('system', words(request.system ?? systemTextFor(voices))),
    ...(sceneText === '' ? [] : [message('scene', words(sceneText), ...inScene)]),
    ...(cloning === 'turns' ? voices.flatMap((voice, speaker) => cloneTurns(voice, speaker, voices.length)) : []),
    ...context.flatMap((turn) => spokenTurn(turn.text, turn.frames)),
    message('user', words(text)),
  ];
}

function systemTextFor(voices: readonly PromptVoice<unknown>[]): string {
  const isPicked = voices.length > 1 && voices.every(({ kind }) => kind === 'any');
  return isPicked ? SPEAKERS_SYSTEM_TEXT : SYSTEM_TEXT;
}

/** Lines of a dialogue in one text, a line each, as both references have them: `[SPEAKER0] Hello.`, `[SPEAKER1] Good evening.` */
export function tagSpeakers(lines: readonly { readonly speaker: number; readonly text: string }[]): string {
  return lines.map(({ speaker, text }) => `[SPEAKER${speaker}] ${trimText(text)}`).join('\n');
}

function sceneParts<Clip>(
  voice: PromptVoice<Clip>,
  speaker: number,
  speakers: number,
  cloning: 'turns' | 'scene',
): ConversationPart<Clip>[] {
  const name = `SPEAKER${speaker}:`;
  switch (voice.kind) {
    case 'any':
      return speakers === 1 ? [] : [words(`${name} ${VOICES_IN_TURN[speaker % VOICES_IN_TURN.length] ?? ''}`)];
    case 'described':
      return [words(`${name} ${voice.description.replace(/\s+/gu, ' ').trim()}`)];
    case 'cloned':
      return cloning === 'turns' ? [] : [words(name), { type: 'audio', frames: voice.frames }];
  }
}

function cloneTurns<Clip>(voice: PromptVoice<Clip>, speaker: number, speakers: number): ConversationMessage<Clip>[] {
  if (voice.kind !== 'cloned') return [];
  const tag = speakers === 1 ? '' : `[SPEAKER${speaker}] `;
  return spokenTurn(`${tag}${trimText(voice.transcript)}`, voice.frames);
}

function spokenTurn<Clip>(text: string, frames: Clip): ConversationMessage<Clip>[] {
  return [message('user', words(text)), message('assistant', { type: 'audio', frames })];
}

function message<Clip>(
  role: ConversationMessage['role'],
  ...content: ConversationPart<Clip>[]
): ConversationMessage<Clip> {
  return { role, content };
}

function words(text: string): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: dropControlTokens(text) };
}
