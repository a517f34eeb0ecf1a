/** A text in one voice. */
import { withoutPhones } from '../pronunciation/index.js';
import type { ResolvedSpeakRequest, SpeechOutcome } from '../protocol.js';
import type { LexiconEntry } from '../lexicon.js';
import { seedOf } from '../frames/index.js';
import { moveWords } from '../production/index.js';
import type { Reading } from '../requests.js';
import { languageFor } from '../text/index.js';
import { Assembler, readBed } from './assembler.js';
import type { Backend, CallTools, SegmentGenerator } from './backend.js';
import { normalizePhrases, readingOptions, sayNote, withNotes } from './script.js';

/** Silence between two segments of a text, theirs included. */
const PAUSE_SECONDS = 0.3;

/** A request's text in segments, with the silence that its writer asked for behind each of its phrases. */
interface CutText<Voice, Turn> {
  readonly phrases: readonly { readonly segments: readonly string[]; readonly pauseSeconds: number }[];
  readonly voice: Voice;
  readonly seed: number;
  readonly generator: SegmentGenerator<Voice, Turn>;
}

async function cutText<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  request: ResolvedSpeakRequest,
  tools: CallTools,
  lexicon: readonly LexiconEntry[],
): Promise<CutText<Voice, Turn>> {
  await backend.open(tools, [request.voice]);
  const reading = readingOptions(request, request.text, lexicon);
  const phrases = await normalizePhrases(backend, request.text, reading, tools);
  const voice = await backend.openVoice(request.voice, tools);
  const seed = seedOf(request);
  const generator = backend.segmentGenerator({ ...request, seed, withMusic: request.music?.kind === 'model' }, tools);
  const cut = phrases.map(({ text, pauseSeconds }) => ({
    segments: text === '' ? [] : generator.split(text, voice),
    pauseSeconds,
  }));
  return { phrases: cut, voice, seed, generator };
}

/** What {@link speak} would say, segment by segment; nothing is spoken. */
export async function read<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  request: ResolvedSpeakRequest,
  tools: CallTools,
  lexicon: readonly LexiconEntry[] = [],
): Promise<Reading> {
  const { phrases } = await cutText(backend, request, tools, lexicon);
  return {
    language: languageFor(request.text, request.language),
    segments: phrases.flatMap(({ segments, pauseSeconds }) =>
      segments.length === 0
        ? [{ text: '', pauseSeconds }]
        : segments.map((text, index) => ({ text, pauseSeconds: index === segments.length - 1 ? pauseSeconds : 0 })),
    ),
    notes: backend.notesOn(request.text).map(sayNote),
  };
}

export async function speak<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  request: ResolvedSpeakRequest,
  tools: CallTools,
  lexicon: readonly LexiconEntry[] = [],
): Promise<SpeechOutcome> {
  const assembler = new Assembler(tools.onChunk, await readBed(request.music));
  const withMusic = request.music?.kind === 'model';
  const { phrases: cut, voice, seed, generator } = await cutText(backend, request, tools, lexicon);
  generator.plan(cut.flatMap(({ segments }) => segments.map((text) => ({ text, voices: [voice] }))));

  const spoken: Turn[] = [];
  for (const { segments, pauseSeconds } of cut) {
    for (const [index, text] of segments.entries()) {
      if (index > 0 && !withMusic) assembler.addPause(PAUSE_SECONDS);
      const startSeconds = assembler.seconds;
      // While the first segment is heard, there is time to check the next ones whole.
      const streams = request.streams && spoken.length === 0;
      const segment = { text, voices: [voice], context: generator.contextOf(spoken, voice), streams };
      const end = await generator.speak(segment, (samples) => assembler.add(samples));
      spoken.push(end.turn);
      assembler.count(end);
      const endSeconds = assembler.seconds;
      // A silence that was stopped is shorter than the frames that were made.
      const place = (seconds: number): number => Math.min(startSeconds + seconds, endSeconds);
      assembler.mark({
        text: withoutPhones(text),
        startSeconds,
        endSeconds,
        certainty: 'exact',
        ...(end.words === undefined ? {} : { words: moveWords(end.words, place) }),
      });
    }
    assembler.addPause(pauseSeconds);
  }
  return withNotes(assembler.finish({ seed, voice: request.voice.label }), backend.notesOn(request.text));
}
