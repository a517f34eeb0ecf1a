/** What is measured, by name: as the table shows it and the goals find it. */

/** Positions before a step. */
export const STEPS = [512, 128, 1500] as const;
/** Positions of a prompt. */
export const PREFILLS = [64, 300] as const;
/** Sequences at the same time, at {@link TOGETHER_POSITIONS} positions. */
export const TOGETHER = [2, 8] as const;
export const TOGETHER_POSITIONS = 128;
/** Rows until the first chunk of sound can be decoded. */
export const ROWS_BEFORE_SOUND = 22;

export const LOADING = 'loading, the first run included';
export const FIRST_SOUND = `first sound: a prompt of 64 and ${ROWS_BEFORE_SOUND} rows`;
export const DEVICE_MEMORY = 'memory of the device that is used';
export const PROCESS_MEMORY = 'memory of the process';
export const stepAt = (positions: number): string => `step at ${positions} positions`;
export const prefillOf = (positions: number): string => `prefill of ${positions} positions`;
export const stepOf = (sequences: number): string => `step of each of ${sequences} at once`;
