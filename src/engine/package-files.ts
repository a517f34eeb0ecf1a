/** What ships with the package beside its code. */
import { createRequire } from 'node:module';
import path from 'node:path';

// By the package's own name: sources and build lie at different depths.
const requireHere = createRequire(__filename);
const PACKAGE_JSON = '@higgs-tts/node-red/package.json';

export const PACKAGE_DIR = path.dirname(requireHere.resolve(PACKAGE_JSON));

/** The embedded checkpoint: `model/`, `codec/` and `voices/`. */
export const EMBEDDED_DIR = path.join(PACKAGE_DIR, 'models', 'embedded');

export const PACKAGE_VERSION = (requireHere(PACKAGE_JSON) as { version: string }).version;
