/** What the add-on for Home Assistant starts, with a Supervisor that answers as its API is described; no container is run. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Supervisor } from '../../scripts/container/supervisor.js';
import { parseCommand } from '../../src/cli/command-line.js';
import { temporaryFolder } from '../helpers/folders.js';

const run = promisify(execFile);
const ADD_ON = path.join(__dirname, '..', '..', 'homeassistant', 'higgs-tts');
const supervisor = new Supervisor('a-token-for-tests', {
  host: 'core-mosquitto',
  port: 1883,
  ssl: false,
  username: 'addons',
  password: 'p:@ w',
});
let supervisorUrl = '';
beforeAll(async () => {
  supervisorUrl = await supervisor.listen(0);
});
afterAll(() => supervisor.close());

/** What `higgs-tts` was started with; a program of that name tells it in its place, and nobody changes the user. */
async function started(options: object) {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'options.json'), JSON.stringify(options));
  for (const [name, script] of [
    ['higgs-tts', 'node -p "JSON.stringify([process.argv.slice(1), process.env])" -- "$@"'],
    ['id', 'echo 1000'],
  ] as const) {
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { stdout } = await run('sh', [path.join(ADD_ON, 'run.sh')], {
    env: {
      PATH: `${folder}:${path.dirname(process.execPath)}:${process.env['PATH']}`,
      HIGGS_ADDON_DATA: folder,
      HIGGS_SUPERVISOR: supervisorUrl,
      SUPERVISOR_TOKEN: 'a-token-for-tests',
    },
  });
  const [args, env] = JSON.parse(stdout) as [string[], Record<string, string | undefined>];
  return { ...parseCommand('serve', args.slice(1)), command: args[0], env };
}

const OPTIONS = { api_keys: [], languages: ['en'], announcements: true, sounds_url: '', quiet_hours: '', remote: [] };

test.skipIf(process.platform === 'win32')(
  'the add-on serves with its options and the Supervisor’s broker',
  async () => {
    const { command, values, env } = await started({
      ...OPTIONS,
      api_keys: ['one', 'two'],
      languages: ['en', 'de'],
      quiet_hours: '22:00-07:00',
      remote: ['http://gpu1:8000/v1', 'http://gpu2:8000/v1'],
    });
    expect(command).toBe('serve');
    expect(values).toEqual({
      'no-zeroconf': true,
      http: ['0.0.0.0:8880'],
      wyoming: ['0.0.0.0:10200'],
      languages: ['en,de'],
      remote: ['http://gpu1:8000/v1', 'http://gpu2:8000/v1'],
      mqtt: ['mqtt://addons@core-mosquitto:1883'],
      'mqtt-id': ['home'],
      sounds: ['0.0.0.0:8890'],
      'quiet-hours': ['22:00-07:00'],
    });
    expect([env['HIGGS_API_KEY'], env['HIGGS_MQTT_PASSWORD']]).toEqual(['one,two', 'p:@ w']);
    expect(supervisor.discovered).toMatchObject({
      service: 'wyoming',
      config: { uri: expect.stringMatching(/^tcp:.*:10200$/) as string },
    });
  },
);

test.skipIf(process.platform === 'win32')(
  'the add-on serves without announcements where there is no broker',
  async () => {
    supervisor.broker = undefined;
    expect((await started(OPTIONS)).values).toEqual({
      'no-zeroconf': true,
      http: ['0.0.0.0:8880'],
      wyoming: ['0.0.0.0:10200'],
      languages: ['en'],
    });
  },
);
