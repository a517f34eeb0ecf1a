/** Each speaker of a dialogue alone, for whoever mixes them anew. */
import { encodeSound, produce, type SpeakResult } from '../../src/engine/index.js';
import { accountFor } from './msg-higgs.js';
import type { NodeAPI, NodeMessageInFlow } from './node-red.js';
import { speechAccount } from './speech-account.js';
import type { SpeakingValues } from './speaking-inputs.js';

/**
 * The message for the second output: `payload` has a Buffer for each speaker, mono, all as long as the dialogue and in
 * the node's format, at its speed. Chimes and loudness belong to the whole and are left out, so msg.higgs.marks are its own.
 */
export async function stemsMessage(
  red: NodeAPI,
  msg: NodeMessageInFlow,
  result: SpeakResult,
  values: SpeakingValues,
): Promise<NodeMessageInFlow | undefined> {
  const { speed, format } = values;
  if (result.stems === undefined) return undefined;
  const { sampleRateHz } = result;
  const payload: Record<string, Buffer> = {};
  let facts = { seconds: result.durationSeconds, sampleRateHz, channels: 1 };
  let { marks } = result;
  for (const [speaker, samples] of Object.entries(result.stems)) {
    const production = speed === undefined ? {} : { speed };
    const { sound, marks: moved } = await produce({ channels: [samples], sampleRateHz }, production, result.marks);
    payload[speaker] = Buffer.from(await encodeSound(sound, format));
    facts = { ...facts, seconds: sound.channels[0]!.length / sampleRateHz };
    marks = moved;
  }
  const stems: NodeMessageInFlow = { ...red.util.cloneMessage({ ...msg, payload: undefined }), payload };
  return Object.assign(stems, { higgs: accountFor(speechAccount(result, facts, marks, values)) });
}
