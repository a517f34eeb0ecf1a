/** A run of the prompt, or of what was spoken, as the language model's graphs take it. */
import type { LanguageModelConfig } from '../checkpoint/types.js';
import { HiggsError } from '../errors.js';
import type { PromptRun } from '../prompt/types.js';
import type { EmbeddingTable } from './embedding-table.js';

/** What runs are embedded with. */
export interface Embedding {
  readonly config: LanguageModelConfig;
  readonly textTable: EmbeddingTable;
  readonly audioTable: EmbeddingTable;
}

/** Positions of a run. */
export function lengthOf(run: PromptRun): number {
  return run.kind === 'text' ? run.ids.length : run.frames.frameCount;
}

/**
 * [length, hiddenSize]; an audio position is the sum of its codes' rows, one table for all codebooks.
 * Throws HIGGS_CHECKPOINT_BROKEN for an id that the model does not have.
 */
export function embedRun(run: PromptRun, { config, textTable, audioTable }: Embedding): Float32Array {
  const { hiddenSize, numCodebooks, codebookSize, vocabularySize } = config;
  const length = lengthOf(run);
  const embeds = new Float32Array(length * hiddenSize);
  for (let position = 0; position < length; position++) {
    const row = embeds.subarray(position * hiddenSize, (position + 1) * hiddenSize);
    if (run.kind === 'text') {
      textTable.addRow(checkedId(run.ids[position]!, vocabularySize), row);
      continue;
    }
    for (let book = 0; book < numCodebooks; book++) {
      const code = run.frames.codes[position * numCodebooks + book]!;
      audioTable.addRow(book * codebookSize + code, row);
    }
  }
  return embeds;
}

/** A tokenizer may be another model's. */
function checkedId(id: number, vocabularySize: number): number {
  if (id < vocabularySize) return id;
  const what = `The tokenizer gives the id ${id}, and the language model's vocabulary ends at ${vocabularySize - 1}.`;
  throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', what);
}
