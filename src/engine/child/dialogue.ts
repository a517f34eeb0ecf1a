/** Several speakers: in one generation, where the model takes the turns, or line by line. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { HiggsError } from '../errors.js';
import { DIALOGUE_RULES, LINE_RULES, SAMPLING_RULES } from '../options.js';
import { openTempo } from '../production/index.js';
import { tagSpeakers } from '../prompt/index.js';
import type { ResolvedDialogueRequest, SpeechOutcome } from '../protocol.js';
import type { DialogueLine, SamplingOptions } from '../requests.js';
import { fade, joinSamples } from '../sound/index.js';
import { estimateSpeechSeconds, type Phrase } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import { readBed } from './music.js';
import { Recital } from './recital.js';
import { seedOf } from './sampling.js';
import { writePhrases } from './script.js';
import type { Piece, Stage, Teller } from './stage.js';

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
  stage: Stage<Voice, Turn>,
  request: ResolvedDialogueRequest,
  tools: CallTools,
): Promise<SpeechOutcome> {
  const speakers = [...new Set(request.lines.map((line) => line.speaker))];
  const isStereo = request.lines.some(({ speaker, pan }) => (pan ?? request.pans?.[speaker]) !== undefined);
  const layout = { stereo: isStereo, stems: request.stems === true ? speakers : [] };
  const recital = new Recital(tools.onChunk, await readBed(request.music), layout);
  await stage.open(
    tools,
    speakers.map((speaker) => voiceOf(request, speaker)),
  );
  const voices = new Map<string, Voice>();
  for (const speaker of speakers) voices.set(speaker, await stage.cast(voiceOf(request, speaker), tools));
  const lines: Line<Voice>[] = [];
  for (const line of request.lines) {
    const phrases = await writePhrases(stage, line.text, request.language, tools);
    lines.push({ line, phrases, voice: voices.get(line.speaker)! });
  }
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const narrator = stage.narrator({ ...request, seed, withMusic }, tools);

  const tagged = lines.map(({ line, phrases }) => ({
    speaker: speakers.indexOf(line.speaker),
    text: wordsOf(phrases),
  }));
  const all = tagSpeakers(tagged);
  const reason = reasonToPart(request, lines);
  const turns = request.turns ?? 'auto';
  if (turns === 'together' && reason !== undefined) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `The option "turns" is "together", but ${reason}: that goes by line.`);
  }
  const takesTurns = reason === undefined && speakers.length > 1 && narrator.takesTurns(all, [...voices.values()]);
  if (turns === 'together' || (turns === 'auto' && takesTurns)) {
    const piece = { text: all, voices: [...voices.values()], streams: request.streams };
    await speakTogether(narrator, recital, piece, lines);
  } else {
    await speakByLine(narrator, recital, lines, request);
  }
  const label = speakers.map((speaker) => voiceOf(request, speaker).label).join(', ');
  return recital.end({ seed, voice: label });
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
  narrator: Teller<Voice, Turn>,
  recital: Recital,
  piece: Piece<Voice, Turn>,
  lines: readonly Line<Voice>[],
): Promise<void> {
  const { stop, frameCount, redrawn } = await narrator.speak(piece, (samples) => recital.speak(samples));
  recital.count(frameCount, stop, redrawn);
  // Nothing in the sound tells where a line ends, so each gets the share that its text has.
  const estimates = lines.map(({ phrases }) => estimateSpeechSeconds(wordsOf(phrases)));
  const scale = recital.seconds / estimates.reduce((sum, seconds) => sum + seconds, 0);
  let startSeconds = 0;
  for (const [index, { line }] of lines.entries()) {
    const endSeconds = startSeconds + estimates[index]! * scale;
    recital.mark({ speaker: line.speaker, text: line.text, startSeconds, endSeconds, certainty: 'estimated' });
    startSeconds = endSeconds;
  }
}

async function speakByLine<Voice, Turn>(
  narrator: Teller<Voice, Turn>,
  recital: Recital,
  lines: readonly Line<Voice>[],
  request: ResolvedDialogueRequest,
): Promise<void> {
  const cut = lines.map(({ line, phrases, voice }) =>
    phrases.map(({ text, pauseSeconds }) => {
      const pieces = text === '' ? [] : narrator.cut(text, voice, request.language);
      const sampling = samplingOf(line);
      return { pieces: pieces.map((words) => ({ text: words, voices: [voice], sampling })), pauseSeconds };
    }),
  );
  narrator.announce(cut.flat().flatMap(({ pieces }) => pieces));
  const spokenBy = new Map(lines.map(({ line }): [string, Turn[]] => [line.speaker, []]));
  /** Silence behind the last word of the line before, which its text asked for. */
  let trailing = 0;
  for (const [index, { line, voice }] of lines.entries()) {
    const { speaker, text, speed = 1, pan = request.pans?.[speaker] ?? 0 } = line;
    const spoken = spokenBy.get(speaker)!;
    const parts: Float32Array[] = [];
    const gapSeconds = index === 0 ? 0 : trailing + gapBefore(line, request);
    trailing = 0;
    for (const { pieces, pauseSeconds } of cut[index]!) {
      if (trailing > 0) parts.push(silence(trailing));
      const tempo = openTempo(speed);
      for (const piece of pieces) {
        const context = narrator.contextOf(spoken, voice);
        const { stop, frameCount, turn, redrawn } = await narrator.speak({ ...piece, context }, (samples) =>
          parts.push(...tempo.push([samples])),
        );
        recital.count(frameCount, stop, redrawn);
        spoken.push(turn);
      }
      parts.push(...tempo.end());
      trailing = pauseSeconds;
    }
    const next = lines[index + 1];
    const sound = fade(joinSamples(parts), EDGE_SECONDS, EDGE_SECONDS);
    const nextGap = next === undefined ? 0 : trailing + gapBefore(next.line, request);
    const place = recital.line(sound, { speaker, pan, gapSeconds }, nextGap);
    recital.mark({ speaker, text, ...place, certainty: 'exact' });
  }
  recital.pause(trailing);
}

function gapBefore(line: DialogueLine, request: ResolvedDialogueRequest): number {
  return line.gapSeconds ?? request.gapSeconds ?? DIALOGUE_RULES.gapSeconds.fallback;
}

function samplingOf(line: DialogueLine): SamplingOptions {
  const names = Object.keys(SAMPLING_RULES) as (keyof SamplingOptions)[];
  return Object.fromEntries(names.flatMap((name) => (line[name] === undefined ? [] : [[name, line[name]]])));
}

function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * SAMPLE_RATE_HZ));
}
