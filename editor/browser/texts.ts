/** A property as a text; other kinds of values are none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A text of the catalogue that all nodes share. */
export function sharedText(key: string, values?: Readonly<Record<string, string | number>>): string {
  return RED._(`@higgs-tts/node-red/higgs-engine:${key}`, values);
}
