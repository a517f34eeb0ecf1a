/**
 * Keeps a caller's words from becoming the model's commands: every control token of the published vocabulary is written
 * `<|…|>` (`<|eot_id|>`, `<|AUDIO_OUT|>`, …), and the tokenizer would take it for one wherever it stands.
 */

/** `text` without anything that could be read as a control token; all else is left as it is. */
export function dropControlTokens(text: string): string {
  let current = text;
  for (;;) {
    // A blank in place of each keeps what stands around it from closing up into a new one.
    const next = current.replace(/<\|[^<>|\s]*\|>/g, ' ').replace(/<\||\|>/g, ' ');
    if (next === current) return current;
    current = next;
  }
}
