/** The image as `docker run` starts it: by its own command, and announcing as the page has it, with the same /data. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Report } from '../home-assistant/report.js';
import { checkFormats } from '../package/served-formats.js';
import { Container, podman, SERVER_URL } from './container.js';
import { announce, askWyoming, BROKER_PORT, KEY, LOGIN, speakTo, WITH_KEY } from './speech-checks.js';

const IMAGE = 'higgs-tts';
const VOLUME = 'higgs-checks';
const ANNOUNCER = 'hall';
const SPOKEN = 'This is how somebody sounds who lives in this house.';

/** `folder`: where Python with `wyoming` is; `log`: for logs and sounds. */
export async function checkImage(report: Report, folder: string, log: string): Promise<void> {
  const { username, password } = LOGIN;
  await podman('volume', 'rm', '--force', VOLUME);
  const flags = ['--volume', `${VOLUME}:/data`, '--env', `HIGGS_API_KEY=${KEY}`];
  const served = new Container({ image: IMAGE, name: 'image', folder: log, flags });
  const announcing = new Container({
    image: IMAGE,
    name: 'image-announcing',
    folder: log,
    flags: [...flags, '--env', `HIGGS_MQTT_PASSWORD=${password}`],
    command: [
      ...['serve', '--mqtt', `mqtt://${username}@127.0.0.1:${BROKER_PORT}`, '--mqtt-id', ANNOUNCER],
      ...['--http', '0.0.0.0:8880', '--sounds', '0.0.0.0:8890'],
    ],
  });

  await report.check('the image is small', async () => {
    const sizes = [IMAGE, 'node:22-slim'].map(async (name) =>
      Number(await podman('image', 'inspect', '--format', '{{.Size}}', name)),
    );
    const [whole, base] = (await Promise.all(sizes)) as [number, number];
    // What it adds: a model of 26 MB, onnxruntime for one system, and what npm installs beside.
    expect(whole - base < 150e6, `${whole} bytes on ${base}`);
    return `${Math.round(whole / 1e6)} MB, of which ${Math.round(base / 1e6)} MB are node:22-slim`;
  });
  await report.check('the image starts by its own command', async () => {
    return `first answer of /healthz after ${(await served.up()).toFixed(1)} s`;
  });
  await report.check('it runs as the user node', () => userOf(served));
  await report.check('its health check is content', async () => {
    await served.health();
    return 'status 0';
  });
  await report.check('it speaks in every format over HTTP', async () => {
    await checkFormats(SERVER_URL, false, WITH_KEY);
    return 'WAV, FLAC, MP3, Opus, PCM; AAC is refused with its remedy';
  });
  await report.check('it speaks for voice assistants', () => askWyoming(folder));
  await report.check('a voice can be added', async () => {
    const clip = path.join(log, 'clip.wav');
    const { seconds } = await speakTo(clip, SPOKEN);
    const form = new FormData();
    form.append('name', 'tenant');
    form.append('transcript', SPOKEN);
    form.append('audio_sample', new Blob([fs.readFileSync(clip)], { type: 'audio/wav' }), 'clip.wav');
    const answer = await fetch(`${SERVER_URL}/v1/audio/voices`, { method: 'POST', headers: WITH_KEY, body: form });
    expect(answer.ok, `${answer.status} ${await answer.text()}`);
    return `from a clip of ${seconds.toFixed(2)} s`;
  });
  await report.check('it ends when it is stopped', () => stopped(served));

  await report.check('it starts as an announcer on the same /data', async () => {
    return `first answer of /healthz after ${(await announcing.up()).toFixed(1)} s`;
  });
  await report.check('the voice that was added is still there', async () => {
    const answer = await fetch(`${SERVER_URL}/v1/voices`, { headers: WITH_KEY });
    const listed = await answer.text();
    expect(listed.includes('"tenant"'), listed.slice(0, 500));
    return 'tenant';
  });
  await report.check('it announces over MQTT', () => announce(log, ANNOUNCER));
  await report.check('the announcer ends when it is stopped', () => stopped(announcing));
}

/** Who the first process of a container is. */
export async function userOf(container: Container): Promise<string> {
  const user = await container.exec('stat', '-c', '%U', '/proc/1');
  expect(user === 'node', `it runs as ${user}`);
  return user;
}

export async function stopped(container: Container): Promise<string> {
  return `status 0 after ${(await container.down()).toFixed(1)} s`;
}
