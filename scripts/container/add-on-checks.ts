/** The add-on as the Supervisor starts it: its options and /data belong to root, and it asks the API at http://supervisor. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Report } from '../home-assistant/report.js';
import { Container, SERVER_URL } from './container.js';
import { stopped, userOf } from './image-checks.js';
import { announce, askWyoming, BROKER_PORT, KEY, LOGIN, speakTo } from './speech-checks.js';
import { Supervisor } from './supervisor.js';

const HOSTNAME = 'local-higgs-tts';
const TOKEN = 'a-token-for-checks';

export async function checkAddOn(report: Report, folder: string, log: string): Promise<void> {
  const data = path.join(log, 'add-on-data');
  fs.mkdirSync(data, { mode: 0o700 });
  const options = { api_keys: [KEY], languages: ['en', 'de'], announcements: true, quiet_hours: '', remote: [] };
  fs.writeFileSync(path.join(data, 'options.json'), JSON.stringify(options), { mode: 0o600 });
  const supervisor = new Supervisor(TOKEN, { host: '127.0.0.1', port: BROKER_PORT, ssl: false, ...LOGIN });
  await supervisor.listen(80);
  const addOn = new Container({
    image: 'higgs-tts-add-on',
    name: 'add-on',
    folder: log,
    flags: [
      ...['--volume', `${data}:/data`, '--hostname', HOSTNAME, '--add-host', 'supervisor:127.0.0.1'],
      ...['--env', `SUPERVISOR_TOKEN=${TOKEN}`],
    ],
  });

  await report.check('the add-on starts by its options', async () => {
    return `first answer of /healthz after ${(await addOn.up()).toFixed(1)} s`;
  });
  await report.check('the add-on runs as the user node', () => userOf(addOn));
  await report.check('the Supervisor is told of the voices', () => {
    const { service, config } = supervisor.discovered ?? {};
    const told = `${service ?? 'nothing'} at ${config?.uri ?? 'no address'}`;
    expect(told === `wyoming at tcp://${HOSTNAME}:10200`, told);
    return Promise.resolve(told);
  });
  await report.check('the add-on asks for its key over HTTP', async () => {
    const { status } = await fetch(`${SERVER_URL}/v1/voices`);
    expect(status === 401, `without a key: ${status}`);
    const { seconds } = await speakTo(path.join(log, 'add-on.wav'), 'Dinner is ready.');
    return `401 without it, ${seconds.toFixed(2)} s of sound with it`;
  });
  await report.check('the add-on speaks for voice assistants', () => askWyoming(folder));
  await report.check('the add-on announces by the broker that the Supervisor names', () => announce(log, 'home'));
  await report.check('the add-on ends when it is stopped', () => stopped(addOn));
  supervisor.close();
}
