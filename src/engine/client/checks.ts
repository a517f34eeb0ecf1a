/** Requests as they come in: whatever can be refused without the child is refused here, before it waits. */
import { HiggsError } from '../errors.js';
import {
  BED_RULES,
  checkChoice,
  checkNumber,
  DIALOGUE_RULES,
  LINE_RULES,
  SAMPLING_RULES,
  type NumberRule,
} from '../options.js';
import { TRACKS } from '../production/index.js';
import type {
  DialogueLine,
  DialogueRequest,
  MusicSetting,
  SamplingOptions,
  SpeakRequest,
  VoiceSource,
} from '../requests.js';

const TURNS = ['auto', 'together', 'by-line'] as const;
const MUSIC_KINDS = ['none', 'model', 'bed'] as const;
const VOICE_KINDS = ['any', 'named', 'clip', 'described'] as const;

/** Throws HIGGS_TEXT_EMPTY, HIGGS_TEXT_TOO_LONG, HIGGS_OPTION_INVALID or HIGGS_VOICE_TRANSCRIPT_MISSING. */
export function checkSpeakRequest(request: SpeakRequest, textLimitCharacters: number): void {
  checkText(request.text, textLimitCharacters);
  checkVoice(request.voice);
  checkSampling(request);
  checkMusic(request.music);
}

/** As {@link checkSpeakRequest}, and HIGGS_DIALOGUE_INVALID. */
export function checkDialogueRequest(request: DialogueRequest, textLimitCharacters: number): void {
  const { voices } = request;
  // Callers without types send anything.
  const lines: readonly Partial<DialogueLine>[] = Array.isArray(request.lines) ? request.lines : [];
  if (lines.length === 0) {
    throw new HiggsError('HIGGS_DIALOGUE_INVALID', 'The dialogue has no lines.');
  }
  for (const [index, { speaker, text, ...own }] of lines.entries()) {
    if (typeof speaker !== 'string' || typeof text !== 'string' || text.trim() === '') {
      throw new HiggsError(
        'HIGGS_DIALOGUE_INVALID',
        `Line ${index + 1} of the dialogue lacks its speaker or its text.`,
      );
    }
    const voice = Object.hasOwn(voices, speaker) ? voices[speaker] : undefined;
    if (voice === undefined) {
      throw new HiggsError('HIGGS_DIALOGUE_INVALID', `The speaker "${speaker}" of line ${index + 1} has no voice.`);
    }
    checkVoice(voice);
    checkNumbers(own, LINE_RULES);
    checkSampling(own);
  }
  for (const [speaker, pan] of Object.entries(request.pans ?? {})) checkNumber(`pans.${speaker}`, pan, LINE_RULES.pan);
  checkText(lines.map((line) => line.text).join('\n'), textLimitCharacters);
  checkSampling(request);
  checkMusic(request.music);
  checkChoice('turns', request.turns, TURNS);
  checkNumber('gapSeconds', request.gapSeconds, DIALOGUE_RULES.gapSeconds);
}

export function checkVoice(voice: VoiceSource | undefined): void {
  if (voice === undefined) return;
  checkChoice('voice.kind', voice.kind, VOICE_KINDS);
  if (voice.kind === 'clip') {
    checkClip('voice.clip', voice.clip);
    if (typeof voice.transcript !== 'string' || voice.transcript.trim() === '') {
      throw new HiggsError('HIGGS_VOICE_TRANSCRIPT_MISSING', 'The reference clip has no transcript.');
    }
  }
  if (voice.kind === 'described' && (typeof voice.description !== 'string' || voice.description.trim() === '')) {
    throw new HiggsError(
      'HIGGS_OPTION_INVALID',
      'The option "voice.description" is empty; it takes words for the voice.',
    );
  }
}

function checkText(text: unknown, limit: number): void {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new HiggsError('HIGGS_TEXT_EMPTY', 'There is no text to speak.');
  }
  if (text.length > limit) {
    throw new HiggsError('HIGGS_TEXT_TOO_LONG', `The text has ${text.length} characters; the limit is ${limit}.`);
  }
}

function checkSampling(request: SamplingOptions): void {
  checkNumbers(request, SAMPLING_RULES);
}

function checkMusic(music: MusicSetting | undefined): void {
  if (music === undefined) return;
  checkChoice('music.kind', music.kind, MUSIC_KINDS);
  if (music.kind !== 'bed') return;
  if (music.track === undefined) checkClip('music.clip', music.clip);
  else checkChoice('music.track', music.track, TRACKS);
  checkNumbers(music, BED_RULES);
}

function checkClip(name: string, clip: unknown): void {
  if ((typeof clip === 'string' && clip !== '') || clip instanceof Uint8Array) return;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The option "${name}" takes the path of a WAV file, or its bytes.`);
}

/** Checks those fields of `values` that `rules` names. */
function checkNumbers<Rules extends Readonly<Record<string, NumberRule>>>(
  values: Readonly<Partial<Record<keyof Rules, unknown>>>,
  rules: Rules,
): void {
  for (const [name, rule] of Object.entries(rules)) checkNumber(name, values[name], rule);
}
