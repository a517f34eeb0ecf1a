/**
 * Holds the engine against what another one drew greedily, row by row and score by score:
 *
 *     node dist/scripts/peers/greedy-frames.js RECORD.jsonl MODEL_DIR
 *
 * RECORD: written by vLLM-Omni (omni_cpu/omni_cpu_greedy.py); MODEL_DIR: the checkpoint that it served. Two ways: generated from
 * the same prompt, where one row that differs changes all behind it; and fed the other's rows, where each row stands alone. Behind
 * the first codebook's end the generations part: vLLM-Omni closes the codebooks one row later than the reference does. Ends with 1
 * where anything before it differs.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { codeFrames, type FrameShape } from '../../src/engine/codes.js';
import { generateFrames, type SamplingRule } from '../../src/engine/frames/index.js';
import type { Prompt } from '../../src/engine/prompt/index.js';
import { openLanguageModel, type LoadedLanguageModel } from '../../src/engine/runtime/index.js';

/** Greedy, and no code drawn again for being repeated: that is by chance. */
const GREEDY: SamplingRule = { temperature: 0, topK: 1, topP: 1, rasWindowFrames: 0, rasLimit: 1 };

interface Row {
  readonly codes: Int32Array;
  /** [numCodebooks * codebookSize], before anything is masked; none for the opening row. */
  readonly scores?: Float32Array;
}

interface Recording {
  readonly ids: Int32Array;
  readonly dtype: string;
  readonly rows: Row[];
}

async function main([recordFile, modelDir]: readonly string[]): Promise<void> {
  if (recordFile === undefined || modelDir === undefined) {
    throw new Error('greedy-frames takes a record and the folder of the model.');
  }
  const cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-greedy-'));
  try {
    const model = await openLanguageModel({ modelDir, cacheDir, device: 'cpu', bits: 32, threads: 1 });
    for (const recording of recordingsIn(await fs.readFile(recordFile, 'utf8'))) await compare(model, recording);
    await model.close();
  } finally {
    await fs.rm(cacheDir, { recursive: true, force: true });
  }
}

/** One for each prompt that rows came of. */
function recordingsIn(text: string): Recording[] {
  const recordings: Recording[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const { prompt, dtype, row, scores } = JSON.parse(line) as {
      prompt?: number[];
      dtype?: string;
      row?: number[];
      scores?: string;
    };
    if (prompt !== undefined) recordings.push({ ids: Int32Array.from(prompt), dtype: dtype ?? '', rows: [] });
    if (row === undefined) continue;
    const codes = Int32Array.from(row);
    recordings.at(-1)?.rows.push(scores === undefined ? { codes } : { codes, scores: floatsIn(scores) });
  }
  return recordings.filter(({ rows }) => rows.length > 0);
}

function floatsIn(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

async function compare(model: LoadedLanguageModel, recording: Recording): Promise<void> {
  const { ids, dtype, rows } = recording;
  const { audioTokenId, audioDelayTokenId } = model.config;
  process.stdout.write(`${ids.length} ids, ${rows.length} rows, ${dtype}\n`);
  if (ids.includes(audioTokenId) || ids.includes(audioDelayTokenId)) {
    process.stdout.write('  a clip in its prompt: passed over\n');
    return;
  }
  const prompt: Prompt = { text: '', ids, runs: [{ kind: 'text', ids }], positionCount: ids.length };
  const own = await generate(model, prompt, rows.length);
  const end = rows.findIndex(({ codes }) => codes[0] === model.shape.eosCode);
  const upToEnd = end < 0 ? rows : rows.slice(0, end + 1);
  const differs = upToEnd.findIndex(({ codes }, at) => !isSame(codes, own[at]));
  const { others, drawn, farthest } = differences(await taught(model, prompt, rows), model.shape, rows);
  process.stdout.write(
    `  generated: ${differs < 0 ? upToEnd.length : differs} of ${upToEnd.length} rows up to the end of the first codebook are the same\n` +
      `  fed the other's rows: ${drawn - others.length} of ${drawn} codes are the same, scores at most ${farthest.toExponential(1)} apart\n`,
  );
  for (const other of others.slice(0, 10)) process.stdout.write(`    ${other}\n`);
  if (differs >= 0 || others.length > 0) process.exitCode = 1;
}

async function generate(model: LoadedLanguageModel, prompt: Prompt, rowCount: number): Promise<Int32Array[]> {
  const { shape } = model;
  const context = model.open(prompt.positionCount + rowCount + shape.numCodebooks);
  const own: Int32Array[] = [];
  const options = { context, prompt, shape, rule: GREEDY, rng: () => 0, maxFrames: rowCount };
  for await (const row of generateFrames(options)) own.push(row);
  context.close();
  return own;
}

/** Our scores for each of the rows, after those before it. */
async function taught(model: LoadedLanguageModel, prompt: Prompt, rows: readonly Row[]): Promise<Float32Array[]> {
  const context = model.open(prompt.positionCount + rows.length);
  const scores: Float32Array[] = [];
  for (const run of prompt.runs) scores[0] = Float32Array.from(await context.feed(run));
  for (const { codes } of rows.slice(0, -1)) {
    const frames = codeFrames(model.shape.numCodebooks, codes);
    scores.push(Float32Array.from(await context.feed({ kind: 'audio', frames })));
  }
  context.close();
  return scores;
}

/** How far the scores lie apart, and which codes would have been others; codes that nobody draws (bos, eos, closed) are passed over. */
function differences(own: readonly Float32Array[], { codebookSize, bosCode }: FrameShape, rows: readonly Row[]) {
  let farthest = 0;
  let drawn = 0;
  const others: string[] = [];
  for (const [at, { codes, scores }] of rows.entries()) {
    if (scores === undefined) continue;
    for (const [index, score] of scores.entries()) farthest = Math.max(farthest, Math.abs(score - own[at]![index]!));
    for (const [codebook, code] of codes.entries()) {
      if (code >= bosCode) continue;
      const begin = codebook * codebookSize;
      const ours = own[at]!.subarray(begin, begin + bosCode);
      const best = ours.indexOf(Math.max(...ours));
      drawn += 1;
      if (best !== code) {
        others.push(
          `row ${at} codebook ${codebook}: ${code} there, ${best} here, ${(ours[best]! - ours[code]!).toExponential(1)} apart`,
        );
      }
    }
  }
  return { others, drawn, farthest };
}

function isSame(codes: Int32Array, others: Int32Array | undefined): boolean {
  return others !== undefined && codes.every((code, at) => code === others[at]);
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
});
