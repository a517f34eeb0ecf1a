/** `higgs-tts info`. */
import { PACKAGE_VERSION } from '../engine/index.js';
import { checkEngineOptions } from '../engine/package-api.js';
import { UsageError, type Values } from './command-line.js';
import { engineOptions, withEngine } from './engine-session.js';

export async function info(values: Values, texts: readonly string[]): Promise<void> {
  if (texts.length > 0) throw new UsageError('info takes no texts.');
  const { worker, dataDir } = checkEngineOptions(engineOptions(values));
  const facts = await withEngine(values, async ({ engine, signal, progress }) => {
    await engine.preload({ signal, onProgress: (event) => progress.show(event) });
    const { model, device, bits, residentBytes, warnings } = engine.info();
    return {
      version: PACKAGE_VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      model,
      device,
      bits,
      residentMegabytes: Math.round((residentBytes ?? 0) / 1e6),
      cacheDir: worker.cacheDir,
      dataDir,
      voices: (await engine.voices()).length,
      warnings,
    };
  });
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  for (const [name, value] of Object.entries(facts)) {
    if (!Array.isArray(value)) process.stdout.write(`${name.padEnd(18)} ${String(value)}\n`);
  }
}
