/** A text in one voice. */
import { withoutPhones } from '../pronunciation/index.js';
import type { ResolvedSpeakRequest, SpeechOutcome } from '../protocol.js';
import { seedOf } from '../frames/index.js';
import { Assembler, readBed } from './assembler.js';
import type { Backend, CallTools } from './backend.js';
import { normalizePhrases } from './script.js';

/** Silence between two segments of a text, theirs included. */
const PAUSE_SECONDS = 0.3;

export async function speak<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  request: ResolvedSpeakRequest,
  tools: CallTools,
): Promise<SpeechOutcome> {
  const assembler = new Assembler(tools.onChunk, await readBed(request.music));
  await backend.open(tools, [request.voice]);
  const phrases = await normalizePhrases(backend, request.text, request.language, tools);
  const voice = await backend.openVoice(request.voice, tools);
  const seed = seedOf(request);
  const withMusic = request.music?.kind === 'model';
  const generator = backend.segmentGenerator({ ...request, seed, withMusic }, tools);
  const cut = phrases.map(({ text, pauseSeconds }) => ({
    segments: text === '' ? [] : generator.split(text, voice, request.language),
    pauseSeconds,
  }));
  generator.plan(cut.flatMap(({ segments }) => segments.map((text) => ({ text, voices: [voice] }))));

  const spoken: Turn[] = [];
  for (const { segments, pauseSeconds } of cut) {
    for (const [index, text] of segments.entries()) {
      if (index > 0 && !withMusic) assembler.addPause(PAUSE_SECONDS);
      const startSeconds = assembler.seconds;
      // While the first segment is heard, there is time to check the next ones whole.
      const streams = request.streams && spoken.length === 0;
      const segment = { text, voices: [voice], context: generator.contextOf(spoken, voice), streams };
      const { stop, frameCount, turn, retries } = await generator.speak(segment, (samples) => assembler.add(samples));
      spoken.push(turn);
      assembler.count(frameCount, stop, retries);
      assembler.mark({ text: withoutPhones(text), startSeconds, endSeconds: assembler.seconds, certainty: 'exact' });
    }
    assembler.addPause(pauseSeconds);
  }
  return assembler.finish({ seed, voice: request.voice.label });
}
