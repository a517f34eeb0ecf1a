/** Answers whose body is sound itself: raw samples as they come, or a WAV file at the end. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { atCodecRate, readWav } from '../sound/index.js';
import { PcmReader } from './pcm.js';
import { BrokenAnswer, type RemoteAnswer } from './types.js';

const RAW_TYPES = ['audio/pcm', 'audio/l16', 'application/octet-stream', ''];
const WAV_TYPES = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'];

/** Samples of the body, mono 24 kHz. */
export async function* soundOf(answer: RemoteAnswer): AsyncGenerator<Float32Array, void, void> {
  if (WAV_TYPES.includes(answer.mediaType)) {
    const parts: Uint8Array[] = [];
    for await (const part of answer.parts()) parts.push(part);
    yield samplesOfWav(Buffer.concat(parts));
    return;
  }
  if (!RAW_TYPES.includes(answer.mediaType))
    throw new BrokenAnswer(`answered with ${answer.mediaType}, not with sound`);
  const rate = Number(answer.header('x-sample-rate') ?? SAMPLE_RATE_HZ);
  if (rate !== SAMPLE_RATE_HZ)
    throw new BrokenAnswer(`streams ${rate} samples a second; the model makes ${SAMPLE_RATE_HZ}`);
  const reader = new PcmReader();
  for await (const part of answer.parts()) {
    const samples = reader.push(part);
    if (samples.length > 0) yield samples;
  }
  if (reader.isCut) throw new BrokenAnswer('ended within a sample');
}

/** A whole WAV file's samples, mono 24 kHz. */
export function samplesOfWav(bytes: Uint8Array): Float32Array {
  try {
    return atCodecRate(readWav(bytes));
  } catch (cause) {
    throw new BrokenAnswer('sent a WAV file that cannot be read', { cause });
  }
}
