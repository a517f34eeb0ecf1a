/** A text in one voice. */
import type { ResolvedSpeakRequest, SpeechOutcome } from '../protocol.js';
import { requireSpeakable } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import { readBed } from './music.js';
import { Recital } from './recital.js';
import { seedOf } from './sampling.js';
import type { Stage } from './stage.js';

/** Silence between two pieces of a text, theirs included. */
const PAUSE_SECONDS = 0.3;

export async function speak<Voice, Turn>(
  stage: Stage<Voice, Turn>,
  request: ResolvedSpeakRequest,
  tools: CallTools,
): Promise<SpeechOutcome> {
  const recital = new Recital(tools.onChunk, await readBed(request.music));
  await stage.open(tools, [request.voice]);
  const text = await stage.write(request.text, request.language, tools);
  requireSpeakable(text);
  const voice = await stage.cast(request.voice, tools);
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const narrator = stage.narrator({ ...request, seed, withMusic }, tools);
  const pieces = narrator.cut(text, voice, request.language);
  narrator.announce(pieces.map((piece) => ({ text: piece, voices: [voice] })));

  const spoken: Turn[] = [];
  for (const [index, piece] of pieces.entries()) {
    const startSeconds = recital.seconds;
    const context = narrator.contextOf(spoken, voice);
    const { stop, frameCount, turn } = await narrator.speak({ text: piece, voices: [voice], context }, (samples) =>
      recital.speak(samples),
    );
    spoken.push(turn);
    recital.count(frameCount, stop);
    recital.mark({ text: piece, startSeconds, endSeconds: recital.seconds, certainty: 'exact' });
    if (index < pieces.length - 1 && !withMusic) recital.pause(PAUSE_SECONDS);
  }
  return recital.end({ seed, voice: request.voice.label });
}
