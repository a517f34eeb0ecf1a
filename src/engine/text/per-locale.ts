/** Patterns that are made of a language's tables are made once. */
import type { Locale } from './languages/index.js';

/** `build(locale)`, remembered for each locale. */
export function perLocale<T>(build: (locale: Locale) => T): (locale: Locale) => T {
  const built = new WeakMap<Locale, T>();
  return (locale) => {
    let value = built.get(locale);
    if (value === undefined) built.set(locale, (value = build(locale)));
    return value;
  };
}

/** Source of a pattern for any of `keys`, the longest first, so that `kWh` is not read as `k`. */
export function anyOf(keys: Iterable<string>): string {
  return [...keys]
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('|');
}
