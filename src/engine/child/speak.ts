/** A text in one voice. */
import type { ResolvedSpeakRequest, SpeechOutcome } from '../protocol.js';
import type { SpokenTurn } from '../prompt/index.js';
import { requireSpeakable } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import { readBed } from './music.js';
import { Narrator } from './narrator.js';
import { Recital } from './recital.js';
import { seedOf } from './sampling.js';
import type { Studio } from './studio.js';

/** Silence between two pieces of a text, theirs included. */
const PAUSE_SECONDS = 0.3;

export async function speak(studio: Studio, request: ResolvedSpeakRequest, tools: CallTools): Promise<SpeechOutcome> {
  const recital = new Recital(tools.onChunk, await readBed(request.music));
  const instruments = await studio.open(tools, [request.voice]);
  const text = await studio.write(request.text, request.language, tools);
  requireSpeakable(text);
  const voice = await studio.cast(request.voice, tools);
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const narrator = new Narrator(instruments, { ...request, seed, withMusic }, tools);
  const pieces = narrator.cut(text, voice, request.language);
  narrator.expected = pieces.length;

  const spoken: SpokenTurn[] = [];
  for (const [index, piece] of pieces.entries()) {
    const startSeconds = recital.seconds;
    const context = narrator.contextOf(spoken, voice);
    const { stop, frames } = await narrator.speak({ text: piece, voices: [voice], context }, (samples) =>
      recital.speak(samples),
    );
    spoken.push({ text: piece, frames });
    recital.count(frames.frameCount, stop);
    recital.mark({ text: piece, startSeconds, endSeconds: recital.seconds, certainty: 'exact' });
    if (index < pieces.length - 1 && !withMusic) recital.pause(PAUSE_SECONDS);
  }
  return recital.end({ seed, voice: request.voice.label });
}
