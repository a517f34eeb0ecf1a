export { isObject as isRecord } from '../../src/engine/package-api.js';

/** A value in an error's sentence: short, whatever came in. */
export function jsonOf(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a buffer of ${value.byteLength} bytes`;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle, or a bigint somewhere within.
  }
  text ??= typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `values` less those that are undefined: an option that is left out must not be there at all. */
export function leaveOut<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
