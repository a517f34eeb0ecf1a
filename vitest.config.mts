import { defineConfig } from 'vitest/config';
import { testFiles } from './test/kinds.js';

/** `npm run test:unit` takes the first project alone. `--mode built`: dist/ has just been built (`npm test`). */
export default defineConfig(({ mode }) => ({
  test: {
    // Two cores: two files at a time, each file's sessions use one thread unless the test says otherwise.
    maxWorkers: 2,
    // Some tests load onnxruntime by themselves; src/engine/telemetry.ts says why.
    env: { ORT_DISABLE_TELEMETRY: process.env.ORT_DISABLE_TELEMETRY ?? '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        // Nothing that they import keeps a state between files, so each worker loads the sources once: a third less work.
        test: { name: 'unit', include: testFiles('unit'), setupFiles: ['test/no-processes.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: testFiles('built'),
          globalSetup: mode === 'built' ? [] : ['test/build-once.ts'],
        },
      },
    ],
  },
}));
