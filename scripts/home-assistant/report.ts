/** Checks, one line each: `ok` or `FAILED`, what was checked, and the figures that were found. */
import { say } from '../demo/progress.js';

export class Report {
  passed = 0;
  failed = 0;

  /** `onCheck`: told each check's name before it begins. */
  constructor(private readonly onCheck: (name: string) => void) {}

  /** `work` throws where it is not so, and gives the figures. A failure does not hold up the checks behind it. */
  async check(name: string, work: () => Promise<string>): Promise<void> {
    this.onCheck(name);
    const startedMs = performance.now();
    try {
      const found = await work();
      this.passed += 1;
      say(`ok      ${name}: ${found} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
    } catch (thrown) {
      this.failed += 1;
      say(`FAILED  ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
}

/** For what must be so inside a check. */
export function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
