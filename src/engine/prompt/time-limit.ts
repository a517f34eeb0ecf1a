/** A limit of time for work that never yields: patterns and templates that a stranger has written. */
import vm from 'node:vm';

/** Only a watchdog beside the thread can end it, and Node.js has one for scripts alone; whatever a script calls is under it too. */
const context = vm.createContext({ work: () => undefined as unknown });
const script = new vm.Script('work()');

/** What `work` gives. Throws an error that says so where it takes longer than `limitMs`; `work` ends wherever it is then. */
export function withinTime<T>(limitMs: number, work: () => T): T {
  context.work = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown;
    throw new Error(`it takes longer than ${limitMs / 1000} s`, { cause: thrown });
  } finally {
    context.work = undefined;
  }
}
