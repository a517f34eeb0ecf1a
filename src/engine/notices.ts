/** What this process has to say once to whoever runs it, such as that a damaged file was made anew; shown with an engine's warnings. */

/** More would be noise, and a damaged folder has one file after the other. */
const MOST = 50;
const said = new Set<string>();

/** Says `text`, one sentence, once in a process's life. */
export function notice(text: string): void {
  if (said.size < MOST) said.add(text);
}

/** All that was said so far, the oldest first. */
export function notices(): readonly string[] {
  return [...said];
}
