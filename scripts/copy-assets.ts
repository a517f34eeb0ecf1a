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
  // Nodes whose dialog is no form yet bring it themselves.
  const own = path.join(from, `${node}.html`);
  if (fs.existsSync(own)) fs.copyFileSync(own, path.join(to, `${node}.html`));
  for (const [source, target] of [
    [path.join(from, 'locales'), path.join(to, 'locales')],
    [path.join(root, 'icons'), path.join(to, 'icons')],
  ] as const) {
    if (fs.existsSync(source)) fs.cpSync(source, target, { recursive: true });
  }
}
