export { alignFrames, type AlignOptions } from './align.js';
export { bestCode, candidates, sampleCode, sampleRawCode, type Candidates, type FilterRule } from './sampler.js';
export { generateFrames, type GenerateOptions, type GenerationResult } from './generate.js';
export { samplingRule, seedOf, segmentSeed, type SamplingRule } from './sampling-rule.js';
export { seededRng, type Rng } from './rng.js';
export { RepetitionWindow } from './repetition.js';
export { DelaySchedule, type TextToken } from './schedule.js';
export { tokenPath } from './token-path.js';
export type { LanguageModel, LanguageModelContext, LookScores } from './types.js';
