/**
 * The container image and the add-on for Home Assistant, as they run; scripts/peers/container.sh builds them and calls this in a
 * network of its own: `node dist/scripts/container.js FOLDER`. Prints a line for each check; ends with 1 where one failed. Logs are
 * in FOLDER/run.
 */
import { checkAddOn } from './container/add-on-checks.js';
import { checkImage } from './container/image-checks.js';
import { BROKER_PORT, LOGIN } from './container/speech-checks.js';
import { broker } from './home-assistant/broker.js';
import { checkInFolder } from './home-assistant/folder-checks.js';
import { Report } from './home-assistant/report.js';

void checkInFolder('scripts/peers/container.sh', async (folder, log) => {
  const report = new Report(() => undefined);
  await broker(log, BROKER_PORT, LOGIN).up();
  await checkImage(report, folder, log);
  await checkAddOn(report, folder, log);
  return report;
});
