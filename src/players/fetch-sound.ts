/** A sound from an address, part by part. */
import { HiggsError } from '../engine/index.js';
import { reasonOf } from '../engine/package-api.js';

/** From the question to the first byte of the answer. */
const ANSWER_LIMIT_MS = 15_000;

/** Throws HIGGS_SOUND_MISSING where there is none, HIGGS_ABORTED where it is called off. */
export async function* fetchSound(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_LIMIT_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, late.signal]) });
    clearTimeout(timer);
    if (!response.ok) {
      await response.body?.cancel();
      throw new HiggsError('HIGGS_SOUND_MISSING', `The address ${url} answers with status ${response.status}.`);
    }
    for await (const part of response.body ?? []) yield part as Uint8Array;
  } catch (thrown) {
    if (thrown instanceof HiggsError) throw thrown;
    if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The sound was stopped.');
    const why = late.signal.aborted ? `within ${ANSWER_LIMIT_MS / 1000} s` : reasonOf(thrown);
    throw new HiggsError('HIGGS_SOUND_MISSING', `The address ${url} does not answer: ${why}.`, { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}
