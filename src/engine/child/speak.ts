/** A text in one voice. */
import type { ResolvedSpeakRequest, SpeechOutcome } from '../protocol.js';
import type { CallTools } from './message-loop.js';
import { readBed } from './music.js';
import { Recital } from './recital.js';
import { seedOf } from './sampling.js';
import { writePhrases } from './script.js';
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
  const phrases = await writePhrases(stage, request.text, request.language, tools);
  const voice = await stage.cast(request.voice, tools);
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const narrator = stage.narrator({ ...request, seed, withMusic }, tools);
  const cut = phrases.map(({ text, pauseSeconds }) => ({
    pieces: text === '' ? [] : narrator.cut(text, voice, request.language),
    pauseSeconds,
  }));
  narrator.announce(cut.flatMap(({ pieces }) => pieces.map((text) => ({ text, voices: [voice] }))));

  const spoken: Turn[] = [];
  for (const { pieces, pauseSeconds } of cut) {
    for (const [index, text] of pieces.entries()) {
      if (index > 0 && !withMusic) recital.pause(PAUSE_SECONDS);
      const startSeconds = recital.seconds;
      // While the first piece is heard, there is time to check the next ones whole.
      const streams = request.streams && spoken.length === 0;
      const piece = { text, voices: [voice], context: narrator.contextOf(spoken, voice), streams };
      const { stop, frameCount, turn, redrawn } = await narrator.speak(piece, (samples) => recital.speak(samples));
      spoken.push(turn);
      recital.count(frameCount, stop, redrawn);
      recital.mark({ text, startSeconds, endSeconds: recital.seconds, certainty: 'exact' });
    }
    recital.pause(pauseSeconds);
  }
  return recital.end({ seed, voice: request.voice.label });
}
