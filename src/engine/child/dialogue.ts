/** Several speakers: in one generation, where the model takes the turns, or line by line. */
import { HiggsError } from '../errors.js';
import { checkNumber, DIALOGUE_RULES } from '../options.js';
import { tagSpeakers } from '../prompt/index.js';
import type { ResolvedDialogueRequest, SpeechOutcome } from '../protocol.js';
import { fade, joinSamples } from '../sound/index.js';
import { estimateSpeechSeconds, requireSpeakable } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import { readBed } from './music.js';
import { Recital } from './recital.js';
import { seedOf } from './sampling.js';
import type { Stage, Teller } from './stage.js';

/** A line with its words as the model should read them. */
interface Line<Voice> {
  readonly speaker: string;
  readonly text: string;
  readonly words: string;
  readonly voice: Voice;
}

/** Where two lines meet, each is faded this long, so that nothing clicks. */
const EDGE_SECONDS = 0.003;

export async function dialogue<Voice, Turn>(
  stage: Stage<Voice, Turn>,
  request: ResolvedDialogueRequest,
  tools: CallTools,
): Promise<SpeechOutcome> {
  const recital = new Recital(tools.onChunk, await readBed(request.music));
  const speakers = [...new Set(request.lines.map((line) => line.speaker))];
  await stage.open(
    tools,
    speakers.map((speaker) => voiceOf(request, speaker)),
  );
  const voices = new Map<string, Voice>();
  for (const speaker of speakers) voices.set(speaker, await stage.cast(voiceOf(request, speaker), tools));
  const lines: Line<Voice>[] = [];
  for (const { speaker, text } of request.lines) {
    const words = await stage.write(text, request.language, tools);
    requireSpeakable(words);
    lines.push({ speaker, text, words, voice: voices.get(speaker)! });
  }
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const narrator = stage.narrator({ ...request, seed, withMusic }, tools);

  const all = tagSpeakers(lines.map(({ speaker, words }) => ({ speaker: speakers.indexOf(speaker), text: words })));
  const fitsTogether = speakers.length > 1 && narrator.takesTurns(all, [...voices.values()]);
  const turns = request.turns ?? 'auto';
  if (turns === 'together' || (turns === 'auto' && fitsTogether)) {
    await speakTogether(narrator, recital, all, [...voices.values()], lines);
  } else {
    const gapSeconds = checkNumber('gapSeconds', request.gapSeconds, DIALOGUE_RULES.gapSeconds);
    await speakByLine(narrator, recital, lines, gapSeconds, request.language);
  }
  const label = speakers.map((speaker) => voiceOf(request, speaker).label).join(', ');
  return recital.end({ seed, voice: label });
}

function voiceOf(request: ResolvedDialogueRequest, speaker: string) {
  const voice = request.voices[speaker];
  if (voice === undefined) throw new HiggsError('HIGGS_DIALOGUE_INVALID', `The speaker "${speaker}" has no voice.`);
  return voice;
}

async function speakTogether<Voice, Turn>(
  narrator: Teller<Voice, Turn>,
  recital: Recital,
  text: string,
  voices: readonly Voice[],
  lines: readonly Line<Voice>[],
): Promise<void> {
  const { stop, frameCount } = await narrator.speak({ text, voices }, (samples) => recital.speak(samples));
  recital.count(frameCount, stop);
  // Nothing in the sound tells where a line ends, so each gets the share that its text has.
  const estimates = lines.map(({ words }) => estimateSpeechSeconds(words));
  const scale = recital.seconds / estimates.reduce((sum, seconds) => sum + seconds, 0);
  let startSeconds = 0;
  for (const [index, { speaker, text: said }] of lines.entries()) {
    const endSeconds = startSeconds + estimates[index]! * scale;
    recital.mark({ speaker, text: said, startSeconds, endSeconds, certainty: 'estimated' });
    startSeconds = endSeconds;
  }
}

async function speakByLine<Voice, Turn>(
  narrator: Teller<Voice, Turn>,
  recital: Recital,
  lines: readonly Line<Voice>[],
  gapSeconds: number,
  language: string | undefined,
): Promise<void> {
  const piecesOfLines = lines.map(({ words, voice }) => narrator.cut(words, voice, language));
  narrator.announce(
    lines.flatMap(({ voice }, index) => piecesOfLines[index]!.map((text) => ({ text, voices: [voice] }))),
  );
  const spokenBy = new Map(lines.map(({ speaker }): [string, Turn[]] => [speaker, []]));
  for (const [index, { speaker, text, voice }] of lines.entries()) {
    const parts: Float32Array[] = [];
    const spoken = spokenBy.get(speaker)!;
    for (const words of piecesOfLines[index]!) {
      const piece = { text: words, voices: [voice], context: narrator.contextOf(spoken, voice) };
      const { stop, frameCount, turn } = await narrator.speak(piece, (samples) => parts.push(samples));
      recital.count(frameCount, stop);
      spoken.push(turn);
    }
    const startSeconds = recital.seconds;
    recital.speak(fade(joinSamples(parts), EDGE_SECONDS, EDGE_SECONDS));
    recital.mark({ speaker, text, startSeconds, endSeconds: recital.seconds, certainty: 'exact' });
    if (index < lines.length - 1) recital.pause(gapSeconds);
  }
}
