/**
 * Long lists of replacements, as a tokenizer that reads words by rules has them: each goes over the whole text, thousands
 * of them for a sentence that a dozen apply to. Whoever looks first whether the text has what a rule must find can pass
 * over the others, and over the compiling of their patterns.
 */
import { findingsOf, type Findings } from './pattern-findings.js';

/** A normaliser of the library: what it was made from, and a function of text. */
export interface NormalizerStep {
  (text: string): string;
  readonly config?: {
    readonly type?: string;
    readonly pattern?: { readonly String?: string; readonly Regex?: string };
  };
}

const KEPT_TEXTS = 64;

/** Steps in order that change no text without `needed` in it (undefined: nobody knows what they need). */
interface Group {
  readonly needed: string | undefined;
  readonly steps: { readonly apply: NormalizerStep; readonly findings: Findings | undefined }[];
}

/** All `steps` in order, as one; those that cannot change the text are not asked. */
export function inOrder(steps: readonly NormalizerStep[]): (text: string) => string {
  const groups = grouped(steps);
  return (text) => {
    let current = text;
    for (const { needed, steps } of groups) {
      if (needed !== undefined && !current.includes(needed)) continue;
      for (const { apply, findings } of steps) {
        if (findings === undefined || mayMatch(current, findings)) current = apply(current);
      }
    }
    return current;
  };
}

/** `normalize` with its last results kept: a voice's transcript is in all of its prompts, a text in two for each of its pieces. */
export function remembering(normalize: (text: string) => string): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const result = kept.get(text) ?? normalize(text);
    kept.delete(text);
    kept.set(text, result);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_TEXTS) break;
      kept.delete(oldest);
    }
    return result;
  };
}

function grouped(steps: readonly NormalizerStep[]): Group[] {
  const groups: Group[] = [];
  for (const apply of steps) {
    const findings = findingsOfStep(apply);
    const needed = findings?.literal;
    const last = groups.at(-1);
    if (last && needed !== undefined && last.needed === needed) last.steps.push({ apply, findings });
    else groups.push({ needed, steps: [{ apply, findings }] });
  }
  return groups;
}

function findingsOfStep({ config }: NormalizerStep): Findings | undefined {
  if (config?.type !== 'Replace') return undefined;
  const { String: literal, Regex: source } = config.pattern ?? {};
  if (source !== undefined) return findingsOf(source);
  return literal === undefined || literal === '' ? undefined : { literal };
}

/** Whether the literal stands anywhere in `text` with fitting letters beside it. */
function mayMatch(text: string, { literal, before, after }: Findings): boolean {
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
    if (before !== undefined && !before(text.charCodeAt(at - 1))) continue;
    if (after !== undefined && !after(text.charCodeAt(at + literal.length))) continue;
    return true;
  }
  return false;
}
