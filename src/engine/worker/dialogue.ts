/** Several speakers: in one generation, where the model takes the turns, or line by line. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { HiggsError } from '../errors.js';
import { DIALOGUE_RULES, LINE_RULES, SAMPLING_RULES } from '../options.js';
import type { LexiconEntry } from '../lexicon.js';
import { seedOf } from '../frames/index.js';
import { withoutPhones } from '../pronunciation/index.js';
import { moveWords, openTempo } from '../production/index.js';
import { tagSpeakers } from '../prompt/index.js';
import type { ResolvedDialogueRequest, SpeechOutcome } from '../protocol.js';
import type { DialogueLine, SamplingOptions, WordTime } from '../requests.js';
import { fade } from '../sound/index.js';
import { asWritten, estimateSpeechSeconds, withoutTags, type Phrase } from '../text/index.js';
import { Assembler, readBed } from './assembler.js';
import type { Backend, CallTools, SegmentGenerator } from './backend.js';
import { normalizePhrases, readingOptions, segmentsAsAsked, withNotes } from './script.js';
import { joinFloats } from '../values.js';

/** A line with its words as the model should read them. */
interface Line<Voice> {
  readonly line: DialogueLine;
  readonly phrases: readonly Phrase[];
  readonly voice: Voice;
}

/** Where two lines meet, each is faded this long, so that nothing clicks. */
const EDGE_SECONDS = 0.003;
/** Options whose presence makes a line one of its own. */
const OWN_OPTIONS = [...Object.keys(LINE_RULES), ...Object.keys(SAMPLING_RULES)] as readonly (keyof DialogueLine)[];

export async function dialogue<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  request: ResolvedDialogueRequest,
  tools: CallTools,
  lexicon: readonly LexiconEntry[] = [],
): Promise<SpeechOutcome> {
  const speakers = [...new Set(request.lines.map((line) => line.speaker))];
  const isStereo = request.lines.some(({ speaker, pan }) => (pan ?? request.pans?.[speaker]) !== undefined);
  const layout = { stereo: isStereo, stems: request.stems === true ? speakers : [] };
  const assembler = new Assembler(tools.onChunk, await readBed(request.music), layout);
  await backend.open(
    tools,
    speakers.map((speaker) => voiceOf(request, speaker)),
  );
  const voices = new Map<string, Voice>();
  for (const speaker of speakers) voices.set(speaker, await backend.openVoice(voiceOf(request, speaker), tools));
  const all = request.lines.map(({ text }) => text).join('\n');
  const reading = readingOptions(request, all, lexicon);
  const lines: Line<Voice>[] = [];
  for (const line of request.lines) {
    const phrases = await normalizePhrases(backend, line.text, reading, tools);
    lines.push({ line, phrases, voice: voices.get(line.speaker)! });
  }
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const generator = backend.segmentGenerator({ ...request, seed, withMusic }, tools);

  const tagged = lines.map(({ line, phrases }) => ({
    speaker: speakers.indexOf(line.speaker),
    text: wordsOf(phrases),
  }));
  const together = tagSpeakers(tagged);
  const reason = reasonToPart(request, lines);
  const turns = request.turns ?? 'auto';
  if (turns === 'together' && reason !== undefined) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `The option "turns" is "together", but ${reason}: that goes by line.`);
  }
  const fitsTogether =
    reason === undefined && speakers.length > 1 && generator.fitsTogether(together, [...voices.values()]);
  const asked = reason === undefined && turns !== 'by-line' ? segmentsAsAsked(together, request) : undefined;
  const areTogether = asked?.every((text) => generator.fitsTogether(text, [...voices.values()])) ?? fitsTogether;
  if (turns === 'together' || (turns === 'auto' && areTogether)) {
    const spoken = { texts: asked ?? [together], voices: [...voices.values()], streams: request.streams };
    await speakTogether(generator, assembler, spoken, lines);
  } else {
    await speakByLine(generator, assembler, lines, request);
  }
  const label = speakers.map((speaker) => voiceOf(request, speaker).label).join(', ');
  return withNotes(assembler.finish({ seed, voice: label }), backend.notesOn(all));
}

function voiceOf(request: ResolvedDialogueRequest, speaker: string) {
  const voice = request.voices[speaker];
  if (voice === undefined) throw new HiggsError('HIGGS_DIALOGUE_INVALID', `The speaker "${speaker}" has no voice.`);
  return voice;
}

function wordsOf(phrases: readonly Phrase[]): string {
  return phrases
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' ');
}

/** Why the lines have to be generated one by one; undefined where nothing stands against one generation for all. */
function reasonToPart<Voice>(request: ResolvedDialogueRequest, lines: readonly Line<Voice>[]): string | undefined {
  if (request.pans !== undefined && Object.keys(request.pans).length > 0) return 'speakers stand apart ("pans")';
  if (request.stems === true) return 'each speaker is to have a track ("stems")';
  if ((request.gapSeconds ?? 0) < 0) return 'lines are to overlap ("gapSeconds")';
  for (const [index, { line, phrases }] of lines.entries()) {
    const own = OWN_OPTIONS.find((name) => line[name] !== undefined);
    if (own !== undefined) return `line ${index + 1} has a "${own}" of its own`;
    if (phrases.some(({ pauseSeconds }) => pauseSeconds > 0)) return `line ${index + 1} has a [pause]`;
    if (wordsOf(phrases) === '') return `line ${index + 1} has nothing to speak`;
  }
  return undefined;
}

async function speakTogether<Voice, Turn>(
  generator: SegmentGenerator<Voice, Turn>,
  assembler: Assembler,
  { texts, voices, streams }: { texts: readonly string[]; voices: readonly Voice[]; streams: boolean },
  lines: readonly Line<Voice>[],
): Promise<void> {
  generator.plan(texts.map((text) => ({ text, voices })));
  const spoken: Turn[] = [];
  const words: WordTime[] = [];
  for (const text of texts) {
    const startSeconds = assembler.seconds;
    const context = generator.contextOf(spoken, voices[0]!);
    // While the first segment is heard, there is time to check the next ones whole.
    const segment = { text, voices, context, streams: streams && spoken.length === 0 };
    const end = await generator.speak(segment, (samples) => assembler.add(samples));
    spoken.push(end.turn);
    assembler.count(end);
    const place = (seconds: number): number => Math.min(startSeconds + seconds, assembler.seconds);
    words.push(...moveWords(end.words ?? [], place));
  }
  if (words.length > 0) {
    markByWords(assembler, lines, words);
    return;
  }
  // Nothing else in the sound tells where a line ends, so each gets the share that its text has.
  const estimates = lines.map(({ phrases }) => estimateSpeechSeconds(wordsOf(phrases)));
  const scale = assembler.seconds / estimates.reduce((sum, seconds) => sum + seconds, 0);
  let startSeconds = 0;
  for (const [index, { line }] of lines.entries()) {
    const endSeconds = startSeconds + estimates[index]! * scale;
    assembler.mark({ speaker: line.speaker, text: line.text, startSeconds, endSeconds, certainty: 'estimated' });
    startSeconds = endSeconds;
  }
}

/** Lines from their first word to their last; words are in the order of the text, so letters tell which line each belongs to. */
function markByWords<Voice>(assembler: Assembler, lines: readonly Line<Voice>[], words: readonly WordTime[]): void {
  let lineEnd = 0;
  let wordStart = 0;
  let next = 0;
  let before = 0;
  for (const { line, phrases } of lines) {
    lineEnd += lettersIn(withoutPhones(withoutTags(wordsOf(phrases))));
    const own: WordTime[] = [];
    for (; next < words.length && wordStart < lineEnd; next++) {
      own.push(words[next]!);
      wordStart += lettersIn(words[next]!.text);
    }
    const [startSeconds, endSeconds] = [own[0]?.startSeconds ?? before, own.at(-1)?.endSeconds ?? before];
    before = endSeconds;
    const mark = { speaker: line.speaker, text: line.text, startSeconds, endSeconds, certainty: 'estimated' } as const;
    const written = asWritten(withoutPhones(line.text), own);
    assembler.mark(written.length === 0 ? mark : { ...mark, words: written });
  }
}

function lettersIn(text: string): number {
  return text.replace(/[^\p{L}\p{N}]/gu, '').length;
}

async function speakByLine<Voice, Turn>(
  generator: SegmentGenerator<Voice, Turn>,
  assembler: Assembler,
  lines: readonly Line<Voice>[],
  request: ResolvedDialogueRequest,
): Promise<void> {
  const cut = lines.map(({ line, phrases, voice }) =>
    phrases.map(({ text, pauseSeconds }) => {
      const segments = text === '' ? [] : generator.split(text, voice);
      const sampling = samplingOf(line);
      return { segments: segments.map((words) => ({ text: words, voices: [voice], sampling })), pauseSeconds };
    }),
  );
  generator.plan(cut.flat().flatMap(({ segments }) => segments));
  const spokenBy = new Map(lines.map(({ line }): [string, Turn[]] => [line.speaker, []]));
  /** Silence behind the last word of the line before, which its text asked for. */
  let trailing = 0;
  for (const [index, { line, voice }] of lines.entries()) {
    const { speaker, text, speed = 1, pan = request.pans?.[speaker] ?? 0 } = line;
    const spoken = spokenBy.get(speaker)!;
    const parts: Float32Array[] = [];
    const words: WordTime[] = [];
    const gapSeconds = index === 0 ? 0 : trailing + gapBefore(line, request);
    trailing = 0;
    for (const { segments, pauseSeconds } of cut[index]!) {
      if (trailing > 0) parts.push(silence(trailing));
      const tempo = openTempo(speed);
      const phraseSeconds = secondsOf(parts);
      /** Of the phrase, before it is made faster or slower. */
      let saidSeconds = 0;
      for (const segment of segments) {
        const context = generator.contextOf(spoken, voice);
        const startSeconds = saidSeconds;
        const end = await generator.speak({ ...segment, context }, (samples) => {
          saidSeconds += samples.length / SAMPLE_RATE_HZ;
          parts.push(...tempo.push([samples]));
        });
        assembler.count(end);
        spoken.push(end.turn);
        const place = (seconds: number): number =>
          phraseSeconds + Math.min(startSeconds + seconds, saidSeconds) / speed;
        words.push(...moveWords(end.words ?? [], place));
      }
      parts.push(...tempo.end());
      trailing = pauseSeconds;
    }
    const next = lines[index + 1];
    const sound = fade(joinFloats(parts), EDGE_SECONDS, EDGE_SECONDS);
    const nextGap = next === undefined ? 0 : trailing + gapBefore(next.line, request);
    const place = assembler.addLine(sound, { speaker, pan, gapSeconds }, nextGap);
    const mark = { speaker, text, ...place, certainty: 'exact' } as const;
    const written = asWritten(withoutPhones(text), words);
    if (written.length === 0) assembler.mark(mark);
    else assembler.mark({ ...mark, words: moveWords(written, (seconds) => place.startSeconds + seconds) });
  }
  assembler.addPause(trailing);
}

function gapBefore(line: DialogueLine, request: ResolvedDialogueRequest): number {
  return line.gapSeconds ?? request.gapSeconds ?? DIALOGUE_RULES.gapSeconds.fallback;
}

function samplingOf(line: DialogueLine): SamplingOptions {
  const names = Object.keys(SAMPLING_RULES) as (keyof SamplingOptions)[];
  return Object.fromEntries(names.flatMap((name) => (line[name] === undefined ? [] : [[name, line[name]]])));
}

function secondsOf(parts: readonly Float32Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0) / SAMPLE_RATE_HZ;
}

function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * SAMPLE_RATE_HZ));
}
