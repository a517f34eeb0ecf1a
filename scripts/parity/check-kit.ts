/** The whole path of the engine on one kit: checkpoint, export in float32, onnxruntime. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTokenizer, type PromptTokenizer } from '../../src/engine/prompt/index.js';
import { openLanguageModel, type LoadedLanguageModel } from '../../src/engine/runtime/index.js';
import { isCast, writeWithRoundedFrequencies } from './cast-kit.js';
import { KitCodec } from './codec.js';
import type { Finding } from './findings.js';
import { checkClosing, checkConversation, checkPrefill } from './generation.js';
import type { Kit } from './kit.js';
import type { StreamTokens } from './recorded.js';
import { checkChances, checkDelay, checkPrompt, checkTexts } from './words.js';

/** Compares all of the kit. What cannot be compared, for an error on the way, is a finding that failed. */
export async function checkKit(kit: Kit): Promise<Finding[]> {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'higgs-parity-'));
  try {
    return await checkAll(kit, cacheDir);
  } catch (error) {
    return [failed('opening the checkpoints', '', error)];
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function checkAll(kit: Kit, cacheDir: string): Promise<Finding[]> {
  const tokenizer = await openTokenizer(kit.modelDir);
  const { model, findings } = await openModel(kit, cacheDir, (opened) => streamTokens(tokenizer, opened));
  const kitCodec = await KitCodec.open(kit.codecDir, cacheDir);
  const { codec } = kitCodec;
  const tokens = streamTokens(tokenizer, model);
  const compare = async (what: string, where: string, check: () => Finding[] | Promise<Finding[]>): Promise<void> => {
    try {
      findings.push(...(await check()));
    } catch (error) {
      findings.push(failed(what, where, error));
    }
  };
  const names = Object.keys(kit.expected.conversations);

  await compare('texts', '', () => checkTexts(kit, tokenizer));
  const encoded = await kitCodec.encodeWaves(kit);
  const clips = new Map([...encoded].map(([wave, { frames }]) => [wave, frames]));
  for (const name of names) {
    await compare('prompts', name, () => checkPrompt(kit, name, tokenizer, model.config, clips));
    await compare('delayed reference codes', name, () => kitCodec.checkReferenceCodes(kit, name, model.shape, encoded));
  }
  for (const index of kit.expected.codec.keys()) {
    await compare('codec', String(index), () => kitCodec.checkClip(kit, index));
  }
  await compare('random codes’ sound', '', () => kitCodec.checkRandomCodes(kit));
  for (const name of names) {
    await compare('conversations', name, () => checkConversation(kit, name, { model, codec, tokens }));
  }
  await compare('closing', '', () => checkClosing(kit, { model, codec, tokens }));
  await compare('probabilities', '', () => checkChances(kit));
  await compare('delay patterns', '', () => checkDelay(kit, model.config));

  await model.close();
  await kitCodec.close();
  return findings;
}

/**
 * The model with the rotary frequencies that the kit's network had. A kit of bfloat16 weights may come from a network that
 * was cast (cast-kit.ts) or from one that was loaded so; its first conversation's scores tell which.
 */
async function openModel(
  kit: Kit,
  cacheDir: string,
  tokensOf: (model: LoadedLanguageModel) => StreamTokens,
): Promise<{ model: LoadedLanguageModel; findings: Finding[] }> {
  const open = (modelDir: string): Promise<LoadedLanguageModel> =>
    openLanguageModel({ modelDir, cacheDir, device: 'cpu', bits: 32, threads: 1 });
  const model = await open(kit.modelDir);
  const [first] = Object.keys(kit.expected.conversations);
  if (first === undefined || !(await isCast(kit.modelDir))) return { model, findings: [] };
  const cast = await open(await writeWithRoundedFrequencies(kit.modelDir, cacheDir));
  const differenceOf = async (each: LoadedLanguageModel): Promise<number> =>
    (await checkPrefill(kit, first, each, tokensOf(each))).size;
  const isNearer = (await differenceOf(cast)) < (await differenceOf(model));
  const [taken, other] = isNearer ? [cast, model] : [model, cast];
  await other.close();
  const found = isNearer ? 'rounded to bfloat16 with the network' : 'in float32';
  const finding = { what: 'rotary frequencies', where: '', found, limit: 'as the kit was made', ok: true, size: 0 };
  return { model: taken, findings: [finding] };
}

function streamTokens(tokenizer: PromptTokenizer, { config }: LoadedLanguageModel): StreamTokens {
  const eos = tokenizer.idOf('<|eot_id|>');
  if (eos === undefined) throw new Error('The tokenizer has no <|eot_id|>.');
  return { audio: config.audioTokenId, delay: config.audioDelayTokenId, eos };
}

function failed(what: string, where: string, error: unknown): Finding {
  const found = error instanceof Error ? error.message : String(error);
  return { what, where, found, limit: 'to be had', ok: false, size: Infinity };
}
