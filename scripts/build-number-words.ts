/**
 * Puts n2words into dist/…/number-words.js, beside the compiled modules that require it: CommonJS cannot require its ES
 * modules on every Node.js that Node-RED runs on.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundle } from './bundle.js';

const ENTRY = 'src/engine/text/languages/number-words';
const root = path.join(__dirname, '..', '..');

async function build(): Promise<void> {
  const n2words = path.dirname(createRequire(__filename).resolve('n2words/package.json'));
  const licence = fs.readFileSync(path.join(n2words, 'LICENSE'), 'utf8').trim();
  const target = path.join(root, 'dist', `${ENTRY}.js`);
  fs.writeFileSync(target, `/*\nn2words, bundled:\n\n${licence}\n*/\n${await bundle(`${ENTRY}.ts`, 'cjs')}`);
  // It maps the file that the compiler wrote.
  fs.rmSync(`${target}.map`, { force: true });
}

void build().catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
