/** Small helpers over plain values and promises that every room may use. */

/** An object as JSON knows it: neither null nor a list nor bytes. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Whether `work` has settled within `limitMs`; what comes later is nobody's any more. Never rejects. */
export async function settlesWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

/** What may wait for its turn. */
export interface Urgency {
  /** Higher goes first. */
  readonly priority: number;
  /** Goes before others of its priority. */
  readonly interrupt?: boolean | undefined;
}

/** Whether one who comes now stands before `other`, who is there already. */
export function goesBefore(newcomer: Urgency, other: Urgency): boolean {
  if (newcomer.priority !== other.priority) return newcomer.priority > other.priority;
  return newcomer.interrupt === true && other.interrupt !== true;
}

/** The values of all parts, one after the other. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
