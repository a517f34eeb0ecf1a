/**
 * What a model's alignment heads look at. What was spoken is read once more by a small graph (export/alignment-graph.ts) when it
 * is there: generation knows nothing of it, on whatever device it runs and however many sequences go on together.
 */
import { codeFrames, type CodeFrames } from '../codes.js';
import { applyDelay } from '../delay-pattern.js';
import type { LookScores } from '../frames/types.js';
import type { PromptRun } from '../prompt/types.js';
import { joinFloats } from '../values.js';
import { embedRun, lengthOf, type Embedding } from './embed-run.js';
import { float32Tensor, int32Tensor, int64Tensor, openSession, type RuntimeSession } from './session.js';

/** Positions [from, to) of a prompt. */
export interface Positions {
  readonly from: number;
  readonly to: number;
}

export class Aligner {
  /** Opened when it is first asked. */
  private session: Promise<RuntimeSession> | undefined;

  constructor(
    private readonly graphFile: string,
    private readonly embedding: Embedding,
  ) {}

  /** `runs`: the prompt; `spoken`: its frames, without the delay; `tokens`: where the text stands. Throws HIGGS_RUNTIME_FAILED. */
  async lookAt(runs: readonly PromptRun[], spoken: CodeFrames, tokens: Positions): Promise<LookScores> {
    const { config } = this.embedding;
    // Quick beside what was generated, and a GPU's graphs are as they were.
    this.session ??= openSession(this.graphFile, { device: 'cpu', threads: 1 });
    const session = await this.session;
    const { frameCount } = spoken;
    // Row n gives frame n its first code, so the last row that counts is the one before the last frame is whole.
    const { numCodebooks } = config;
    const rows = codeFrames(numCodebooks, applyDelay(spoken, config).codes.slice(0, frameCount * numCodebooks));
    const all: readonly PromptRun[] = [...runs, { kind: 'audio', frames: rows }];
    const positions = all.reduce((sum, run) => sum + lengthOf(run), 0);
    const isAudio = new Uint8Array(positions);
    let at = 0;
    for (const run of all) {
      isAudio.fill(run.kind === 'audio' ? 1 : 0, at, at + lengthOf(run));
      at += lengthOf(run);
    }
    const results = await session.run({
      embeds: float32Tensor(joinFloats(all.map((run) => embedRun(run, this.embedding))), [
        1,
        positions,
        config.hiddenSize,
      ]),
      is_audio: { type: 'bool', data: isAudio, dims: [1, positions, 1] },
      seqlens_k: int32Tensor(Int32Array.of(positions - 1), [1]),
      total_sequence_length: int32Tensor(Int32Array.of(positions), [1]),
      tokens: stretch(tokens),
      rows: stretch({ from: positions - frameCount, to: positions }),
    });
    const { data, dims } = results['scores']!;
    return { scores: data as Float32Array, headCount: dims[0]!, frameCount, tokenCount: tokens.to - tokens.from };
  }

  async close(): Promise<void> {
    await (await this.session?.catch(() => undefined))?.close();
  }
}

function stretch({ from, to }: Positions) {
  return int64Tensor(BigInt64Array.of(BigInt(from), BigInt(to)), [2]);
}
