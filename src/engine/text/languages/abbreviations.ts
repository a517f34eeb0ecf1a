/** What a language's table of abbreviations holds; keys are written without their full stop. */

export interface Abbreviations {
  /** With a stop, before a number: fig. 3. Upper case at the start counts as lower case. */
  readonly beforeNumber: ReadonlyMap<string, string>;
  /** With a stop, before a name: Gov. Smith. */
  readonly beforeName: ReadonlyMap<string, string>;
  /** With a stop, anywhere; no sentence ends with them. */
  readonly anywhere: ReadonlyMap<string, string>;
  /** With a stop, anywhere; a sentence may end with them. */
  readonly closing: ReadonlyMap<string, string>;
  /** Everything that needs a closer look; tried in order, before the tables. */
  readonly patterns: readonly (readonly [RegExp, string])[];
  /** Words that begin a sentence and are no names. */
  readonly starters: ReadonlySet<string>;
}

/** "fig figure; ch chapter": a key and what is said. */
export function readTable(table: string): ReadonlyMap<string, string> {
  return new Map(
    table
      .split(/[;\n]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        const blank = entry.indexOf(' ');
        return [entry.slice(0, blank), entry.slice(blank + 1)] as const;
      }),
  );
}
