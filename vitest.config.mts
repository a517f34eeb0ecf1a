import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of the child process, the nodes and the command line run what ships: the build in dist/.
    globalSetup: ['test/build-once.ts'],
    // Two cores: two files at a time, each file's sessions use one thread unless the test says otherwise.
    maxWorkers: 2,
    // Some tests load onnxruntime by themselves; src/engine/telemetry.ts says why.
    env: { ORT_DISABLE_TELEMETRY: process.env.ORT_DISABLE_TELEMETRY ?? '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
