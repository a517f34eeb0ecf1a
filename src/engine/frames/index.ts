export { alignFrames, type AlignOptions } from './align.js';
export { bestCode, candidates, drawCode, drawRawCode, type Candidates, type DrawRule } from './sampler.js';
export { generateFrames, type GenerateOptions, type GenerationResult, type SamplingRule } from './generate.js';
export { seededCoins, type Coin } from './rng.js';
export { RepetitionWindow } from './repetition.js';
export { DelaySchedule, type TextToken } from './schedule.js';
export type { LanguageModel, LanguageModelContext } from './types.js';
