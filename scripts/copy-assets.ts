/**
 * Copies beside the compiled nodes what Node-RED looks for there: each node's locales, and the icons
 * (the loader takes them from `<folder of the node's file>/icons`).
 */
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');
const nodesFrom = path.join(root, 'nodes');
const nodesTo = path.join(root, 'dist', 'nodes');

for (const node of fs.readdirSync(nodesFrom)) {
  const from = path.join(nodesFrom, node);
  if (!fs.existsSync(path.join(from, 'locales'))) continue;
  const to = path.join(nodesTo, node);
  fs.mkdirSync(to, { recursive: true });
  for (const [source, target] of [
    [path.join(from, 'locales'), path.join(to, 'locales')],
    [path.join(root, 'icons'), path.join(to, 'icons')],
  ] as const) {
    if (fs.existsSync(source)) fs.cpSync(source, target, { recursive: true });
  }
  for (const language of fs.readdirSync(path.join(to, 'locales'))) {
    const help = path.join(to, 'locales', language, `${node}.html`);
    if (fs.existsSync(help)) fs.writeFileSync(help, withIncludes(fs.readFileSync(help, 'utf8'), language));
  }
}

/** A help text with the parts that several nodes have, from nodes/common/help. */
function withIncludes(text: string, language: string): string {
  return text.replaceAll(/<!-- include ([\w-]+) -->/g, (_comment, part: string) =>
    fs.readFileSync(path.join(nodesFrom, 'common', 'help', language, `${part}.html`), 'utf8').trimEnd(),
  );
}
