/**
 * This checkout's server with a real broker and a real Home Assistant, as a house has them; scripts/peers/home-assistant.sh sets
 * the latter up and calls this in a network of its own: `node dist/scripts/home-assistant.js FOLDER`. Prints a line for each check;
 * ends with 1 where one failed. Logs are in FOLDER/run.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { step } from './demo/progress.js';
import { checkAnnouncer, registered } from './home-assistant/announcer-checks.js';
import { checkAssistants } from './home-assistant/assistant-checks.js';
import { BROKER_PORT, buildHouse, COMMAND_LINE, type House } from './home-assistant/house.js';
import { checkInFolder } from './home-assistant/folder-checks.js';
import { checkLogs, LogMarks } from './home-assistant/log-checks.js';
import { expect, Report } from './home-assistant/report.js';
import { checkRestarts } from './home-assistant/restart-checks.js';
import { until } from './home-assistant/waiting.js';

async function checkHouse(root: string, folder: string): Promise<Report> {
  const house = buildHouse(root, folder);
  const { broker, server, homeAssistant, home, results } = house;
  const marks = new LogMarks(house);
  marks.begin('all was started');
  for (const side of [broker, server, homeAssistant]) await step(`Started ${side.name}`, () => side.up());
  await results.listen();
  await step('Made the first user', () => home.onboard());
  const report = new Report((name) => marks.begin(name));

  await report.check('MQTT set up by its dialog', async () => {
    await home.setUp('mqtt', [{ broker: '127.0.0.1', port: BROKER_PORT }]);
    // Its trigger is of MQTT, which was not there yet; `automation.reload` leaves alone what has not changed.
    for (const turn of ['turn_off', 'turn_on']) await home.act(`automation.${turn}`, { entity_id: 'all' });
    return 'mosquitto';
  });
  const ids = await checkAnnouncer(report, house);
  await checkAssistants(report, house);
  await checkRestarts(report, house, ids);
  await checkForgotten(report, house);
  await homeAssistant.down();
  await server.down();
  await checkLogs(report, house, marks);
  await results.close();
  await broker.down();
  return report;
}

async function checkForgotten(report: Report, { server, home, results, announcerArgs }: House): Promise<void> {
  await report.check('an announcer that is forgotten leaves nothing behind', async () => {
    await server.down();
    execFileSync(process.execPath, [COMMAND_LINE, 'serve', '--forget', ...announcerArgs], { stdio: 'pipe' });
    await until('the entities are gone', async () => Object.keys(await registered(home)).length === 0);
    const topics = await results.retainedTopics();
    expect(topics.length === 0, `at the broker: ${topics.join(', ')}`);
    return 'no entity, no retained topic';
  });
}

void checkInFolder('scripts/peers/home-assistant.sh', (folder, log) => checkHouse(path.join(folder, 'root'), log));
