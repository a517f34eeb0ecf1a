/**
 * Makes each node's editor file, dist/nodes/<node>/<node>.html: the dialog out of its form (editor/forms), and the code
 * behind it (editor/nodes/<node>.ts) as one script, so that Node-RED loads a node's part whole and in any order.
 */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { FORMS, templateOf } from '../editor/forms/index.js';
import { bundle } from './bundle.js';

const root = path.join(__dirname, '..', '..');
const dist = path.join(root, 'dist', 'nodes');
const style = fs.readFileSync(path.join(root, 'editor', 'editor.css'), 'utf8');

async function build(): Promise<void> {
  // The name of a type in a string must not end the script.
  const scriptOf = async (entry: string): Promise<string> =>
    (await bundle(`editor/${entry}`, 'iife')).replaceAll('</script', '<\\/script');
  const write = (folder: string, ...parts: readonly string[]) => {
    fs.mkdirSync(path.join(dist, folder), { recursive: true });
    fs.writeFileSync(path.join(dist, folder, `${folder}.html`), `${parts.join('\n')}\n`);
  };
  for (const form of FORMS) {
    const script = await scriptOf(`nodes/${form.type}.ts`);
    write(form.type, templateOf(form), tagged(`${script}\n${registrationOf(form.type, script)}`));
  }
  // The sidebar is loaded before all nodes.
  write('higgs-sidebar', `<style>\n${style}</style>`, tagged(await scriptOf('sidebar/sidebar.ts')));
}

/** A scope of its own: all nodes' scripts share one page. */
function tagged(script: string): string {
  return `<script type="text/javascript">\n(function () {\n${script}\n})();\n</script>`;
}

/**
 * The call that makes the type known, with what the flow library and node-red-dev read off the source written out:
 * neither runs the script.
 */
function registrationOf(type: string, script: string): string {
  const definition = vm.runInNewContext(`${script}; HiggsTts.definition`) as Record<string, unknown>;
  const entries = Object.entries(definition).map(([name, value]) => {
    if (name !== 'defaults') return `  ${name}: ${isPlain(value) ? JSON.stringify(value) : `definition.${name}`},`;
    const properties = Object.keys(value as object).map((property) => `${property}: definition.defaults.${property}`);
    return `  defaults: {\n    ${properties.join(',\n    ')}\n  },`;
  });
  const lines = ['const definition = HiggsTts.definition;', `RED.nodes.registerType("${type}", {`, ...entries, '});'];
  return lines.join('\n');
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

void build().catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
