/** A module and all it imports as one script, by vite; what TypeScript alone knows is gone. */
import path from 'node:path';

const root = path.join(__dirname, '..', '..');

/**
 * Bundles `entry`, a file of this checkout: as a script of a browser whose exports are `HiggsTts`, or as a module that
 * CommonJS can require.
 */
export async function bundle(entry: string, format: 'iife' | 'cjs'): Promise<string> {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: path.join(root, entry), formats: [format], name: 'HiggsTts' },
    },
  });
  const result = Array.isArray(built) ? built[0] : built;
  if (result === undefined || !('output' in result)) throw new Error(`Nothing was built of ${entry}.`);
  return result.output[0].code;
}
