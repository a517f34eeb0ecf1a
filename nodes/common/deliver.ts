/** From a result to the message that leaves a speaking node. */
import { encodeWav, writeWhole, type SpeakResult } from '../../src/engine/index.js';
import type { NodeMessageInFlow } from './node-red.js';

/** What msg.higgs tells about the speech: plain data, so that it can be shown, stored and sent on. */
export interface SpeechDetails {
  readonly seconds: number;
  readonly workSeconds: number;
  readonly firstSoundSeconds: number;
  readonly frames: number;
  readonly seed: number;
  readonly voice: string;
  readonly stop: SpeakResult['stop'];
  readonly marks: SpeakResult['marks'];
  readonly filename?: string;
}

/**
 * Puts the sound into `msg`: a WAV Buffer in payload, or, with a file, its path in payload and filename.
 * Everything else of the message stays.
 */
export async function deliver(msg: NodeMessageInFlow, result: SpeakResult, file: string | undefined): Promise<void> {
  const wav = Buffer.from(encodeWav(result.samples));
  if (file !== undefined) {
    await writeWhole(file, wav);
    msg.filename = file;
  }
  msg.payload = file ?? wav;
  msg.higgs = detailsOf(result, file);
}

function detailsOf(result: SpeakResult, file: string | undefined): SpeechDetails {
  return {
    seconds: result.durationSeconds,
    workSeconds: result.workSeconds,
    firstSoundSeconds: result.firstSoundSeconds,
    frames: result.frameCount,
    seed: result.seed,
    voice: result.voice,
    stop: result.stop,
    marks: result.marks,
    ...(file === undefined ? {} : { filename: file }),
  };
}
