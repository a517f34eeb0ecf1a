/**
 * Holds the engine against kits of the reference's results (the layout that refkit.py writes):
 *
 *     npm run parity -- DIR...
 *
 * DIR is a kit or a folder of kits; files among them are passed over. Exit status: 0 where all agree, 1 where something
 * does not, 2 where a folder is no kit and holds none.
 */
import path from 'node:path';
import { checkKit } from './parity/check-kit.js';
import { findingsTable } from './parity/findings.js';
import { findKits, isFile, isFolder, readKit, type Kit } from './parity/kit.js';

async function main(args: readonly string[]): Promise<number> {
  const kits = kitsOf(args);
  if (typeof kits === 'string') {
    process.stderr.write(`${kits}\n`);
    return 2;
  }
  let failures = 0;
  for (const kit of kits) {
    const findings = await checkKit(kit);
    const failed = findings.filter(({ ok }) => !ok).length;
    failures += failed;
    process.stdout.write(`${kit.dir}\n\n${findingsTable(findings)}\n\n`);
  }
  const verdict = failures === 0 ? 'all ok' : `${failures} comparisons failed`;
  process.stdout.write(`${kits.length} ${kits.length === 1 ? 'kit' : 'kits'}: ${verdict}\n`);
  return failures === 0 ? 0 : 1;
}

/** The kits that the arguments name, or what is wrong with these. */
function kitsOf(args: readonly string[]): Kit[] | string {
  // npm runs scripts in the package's folder, whatever folder one was in.
  const from = process.env.INIT_CWD ?? process.cwd();
  const folders = args.map((arg) => path.resolve(from, arg)).filter((file) => !isFile(file));
  if (folders.length === 0) return 'usage: npm run parity -- DIR...';
  const kits: Kit[] = [];
  for (const folder of folders) {
    const found = isFolder(folder) ? findKits(folder) : [];
    if (found.length === 0) return `${folder} is no kit and holds none.`;
    for (const dir of found) {
      try {
        kits.push(readKit(dir));
      } catch (error) {
        return `${dir} cannot be read as a kit: ${String(error)}`;
      }
    }
  }
  return kits;
}

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
