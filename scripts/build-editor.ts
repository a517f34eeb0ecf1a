/**
 * Makes each node's editor file, dist/nodes/<node>/<node>.html: the dialog out of its form (editor/forms), and the code
 * behind it (editor/nodes/<node>.ts) as one script, so that Node-RED loads a node's part whole and in any order.
 */
import fs from 'node:fs';
import path from 'node:path';
import { FORMS, templateOf } from '../editor/forms/index.js';

const root = path.join(__dirname, '..', '..');
const dist = path.join(root, 'dist', 'nodes');
const style = fs.readFileSync(path.join(root, 'editor', 'editor.css'), 'utf8');

async function build(): Promise<void> {
  const { build: bundle } = await import('vite');
  /** One script without imports; what TypeScript alone knows is gone. */
  const scriptOf = async (entry: string): Promise<string> => {
    const built = await bundle({
      configFile: false,
      root,
      logLevel: 'warn',
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        lib: { entry: path.join(root, 'editor', entry), formats: ['iife'], name: 'HiggsTts' },
      },
    });
    const result = Array.isArray(built) ? built[0] : built;
    if (result === undefined || !('output' in result)) throw new Error(`Nothing was built of ${entry}.`);
    // The name of a type in a string must not end the script.
    return result.output[0].code.replaceAll('</script', '<\\/script');
  };
  const write = async (folder: string, name: string, entry: string, template: string) => {
    fs.mkdirSync(path.join(dist, folder), { recursive: true });
    const script = `<script type="text/javascript">\n${await scriptOf(entry)}</script>\n`;
    fs.writeFileSync(path.join(dist, folder, `${name}.html`), `${template}\n${script}`);
  };
  for (const form of FORMS) await write(form.type, form.type, `nodes/${form.type}.ts`, templateOf(form));
  // The sidebar is loaded before all nodes.
  await write('higgs-sidebar', 'higgs-sidebar', 'sidebar/sidebar.ts', `<style>\n${style}</style>`);
}

void build().catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
