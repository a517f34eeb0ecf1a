/** What the add-on for Home Assistant starts, with a Supervisor that answers as its API is described; no container is run. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../../src/cli/command-line.js';
import { temporaryFolder } from '../helpers/folders.js';

const run = promisify(execFile);
const ADD_ON = path.join(__dirname, '..', '..', 'homeassistant', 'higgs-tts');
const asked: { url: string; body: string; authorization: string | undefined }[] = [];
let broker: object | undefined = {
  host: 'core-mosquitto',
  port: 1883,
  ssl: false,
  username: 'addons',
  password: 'p:@ w',
};

const supervisor = http.createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { authorization } = request.headers;
    asked.push({ url: request.url!, body: Buffer.concat(parts).toString(), authorization });
    const isKnown = request.url !== '/services/mqtt' || broker !== undefined;
    response.writeHead(isKnown ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ result: 'ok', data: request.url === '/services/mqtt' ? broker : {} }));
  });
});
beforeAll(async () => {
  supervisor.listen(0, '127.0.0.1');
  await once(supervisor, 'listening');
});
afterAll(() => {
  supervisor.close();
});

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
      HIGGS_SUPERVISOR: `http://127.0.0.1:${(supervisor.address() as AddressInfo).port}`,
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
    const discovery = asked.find(({ url }) => url === '/discovery')!;
    expect(discovery.authorization).toBe('Bearer a-token-for-tests');
    expect(JSON.parse(discovery.body)).toMatchObject({
      service: 'wyoming',
      config: { uri: expect.stringMatching(/^tcp:.*:10200$/) as string },
    });
  },
);

test.skipIf(process.platform === 'win32')(
  'the add-on serves without announcements where there is no broker',
  async () => {
    broker = undefined;
    expect((await started(OPTIONS)).values).toEqual({
      'no-zeroconf': true,
      http: ['0.0.0.0:8880'],
      wyoming: ['0.0.0.0:10200'],
      languages: ['en'],
    });
  },
);
