/** The announcer as Home Assistant shows it: its device, each entity in use, and the automation of our page. */
import { ENTITIES } from '../../src/service/mqtt/entities.js';
import { ANNOUNCER, PLAYERS, SERVER_URL, type House } from './house.js';
import { expect, type Report } from './report.js';
import { checkSpeech, fetchSound, figures, type Heard } from './sound-check.js';
import { until } from './waiting.js';

/** An entity's id by its key in our table. */
export type EntityIds = Readonly<Record<string, string>>;

/** Has the notify entity speak, and hears what comes of it. */
export async function announce(
  { home, results, root }: House,
  ids: EntityIds,
  text: string,
): Promise<Heard & { voice: string }> {
  await home.act('notify.send_message', { entity_id: ids.say, message: text });
  const done = await results.of(text, 'done');
  return { ...checkSpeech(root, await fetchSound(done.url!), text), voice: done.voice! };
}

/** The entities that Home Assistant has of the announcer, none of them unavailable. */
export async function entitiesThere({ home }: House, limitSeconds?: number): Promise<EntityIds> {
  return until(
    'all entities are available',
    async () => {
      const ids = await registered(home);
      const states = new Map((await home.states()).map((state) => [state.entity_id, state.state]));
      const missing = ENTITIES.filter(({ key }) => (states.get(ids[key] ?? '') ?? 'unavailable') === 'unavailable');
      if (missing.length > 0) throw new Error(`not there: ${missing.map(({ key }) => key).join(', ')}`);
      return ids;
    },
    limitSeconds,
  );
}

export async function entitiesUnavailable({ home }: House, ids: EntityIds): Promise<void> {
  await until('all entities are unavailable', async () => {
    const states = await home.states();
    return Object.values(ids).every((id) => states.find((state) => state.entity_id === id)?.state === 'unavailable');
  });
}

export async function registered(home: House['home']): Promise<EntityIds> {
  const entries = await home.socket.call<{ unique_id: string; platform: string; entity_id: string }[]>({
    type: 'config/entity_registry/list',
  });
  const own = entries.filter(({ platform, unique_id: id }) => platform === 'mqtt' && id.startsWith(`${ANNOUNCER}_`));
  return Object.fromEntries(own.map((entry) => [entry.unique_id.slice(ANNOUNCER.length + 1), entry.entity_id]));
}

export async function checkAnnouncer(report: Report, house: House): Promise<EntityIds> {
  const { home, results, root } = house;
  let ids: EntityIds = {};

  await report.check('the announcer is found, with all its entities', async () => {
    ids = await entitiesThere(house);
    expect(Object.keys(ids).length === ENTITIES.length, `entities: ${Object.values(ids).join(', ')}`);
    expect(ids.say === `notify.announcer_${ANNOUNCER}_say`, `the notify entity is ${ids.say}`);
    const devices = await home.socket.call<{ identifiers: string[][]; manufacturer: string; sw_version: string }[]>({
      type: 'config/device_registry/list',
    });
    const own = devices.filter(({ identifiers }) => identifiers.some(([, id]) => id === `higgs-tts_${ANNOUNCER}`));
    expect(own.length === 1, `${own.length} devices`);
    return `${Object.values(ids).join(', ')}; version ${own[0]!.sw_version}`;
  });

  await report.check('notify.send_message speaks', async () => {
    const before = home.historyLength;
    const heard = await announce(house, ids, 'The washing machine has finished.');
    await until(
      'the notify entity has a time',
      async () => !Number.isNaN(Date.parse((await home.state(ids.say!)).state)),
    );
    await until('the state is idle again', async () => (await home.state(ids.state!)).state === 'idle');
    expect(home.history(ids.state!, before).includes('speaking'), 'the state was never "speaking"');
    return figures(heard);
  });

  await report.check('a voice that is selected speaks, and is the state', async () => {
    const { attributes } = await home.state(ids.voice!);
    const options = attributes.options as string[];
    const { voices } = (await (await fetch(`${SERVER_URL}/v1/audio/voices`)).json()) as { voices: { id: string }[] };
    const found: string[] = [];
    for (const voice of options.slice(-2)) {
      await home.act('select.select_option', { entity_id: ids.voice, option: voice });
      await until(`the state is ${voice}`, async () => (await home.state(ids.voice!)).state === voice);
      const heard = await announce(house, ids, `This is the voice of ${voice}.`);
      expect(heard.voice === voice, `${heard.voice} spoke, not ${voice}`);
      found.push(`${voice} ${heard.seconds.toFixed(2)} s`);
    }
    const missing = options.filter((option) => option !== 'any' && !voices.some(({ id }) => id === option));
    expect(missing.length === 0 && options.length > 2, `options ${options.join(', ')}`);
    return `${found.join(', ')}; options ${options.join(', ')}`;
  });

  await report.check('the volume that is set is heard, and is the state', async () => {
    const loud = await announce(house, ids, 'This is as loud as it gets.');
    await home.act('number.set_value', { entity_id: ids.volume, value: 60 });
    await until('the state is 60', async () => Number((await home.state(ids.volume!)).state) === 60);
    const text = 'And this is said more softly.';
    await home.act('notify.send_message', { entity_id: ids.say, message: text });
    const soft = await fetchSound((await results.of(text, 'done')).url!);
    const { loudnessDb } = checkSpeech(root, soft, text);
    expect(loudnessDb < loud.loudnessDb - 3, `${loud.loudnessDb.toFixed(1)} dB, then ${loudnessDb.toFixed(1)} dB`);
    await home.act('number.set_value', { entity_id: ids.volume, value: 100 });
    await until('the state is 100', async () => Number((await home.state(ids.volume!)).state) === 100);
    return `${loud.loudnessDb.toFixed(1)} dB at 100 %, ${loudnessDb.toFixed(1)} dB at 60 %`;
  });

  await report.check('music that is switched on plays on around the words, and is the state', async () => {
    const text = 'Dinner will be ready soon.';
    const seconds: number[] = [];
    for (const [service, state] of [
      ['switch.turn_on', 'on'],
      ['switch.turn_off', 'off'],
    ] as const) {
      await home.act(service, { entity_id: ids.music });
      await until(`the state is ${state}`, async () => (await home.state(ids.music!)).state === state);
      const said = `${text} ${state === 'on' ? 'With music.' : 'No music now.'}`;
      await home.act('notify.send_message', { entity_id: ids.say, message: said });
      const done = await results.of(said, 'done');
      seconds.push(done.seconds!);
    }
    const [withMusic, without] = seconds as [number, number];
    expect(withMusic > without + 0.5, `${withMusic} s with music, ${without} s without`);
    return `${withMusic.toFixed(2)} s with music, ${without.toFixed(2)} s without`;
  });

  await report.check('the buttons end what is spoken and drop what waits', async () => {
    const long = 'This goes on for a while, because somebody is going to press a button. '.repeat(6).trim();
    const waiting = ['This one waits first.', 'This one waits second.'];
    for (const message of [long, ...waiting]) await home.act('notify.send_message', { entity_id: ids.say, message });
    await results.of(long, 'speaking');
    await until('two wait', async () => (await home.state(ids.queue!)).state === '2');
    await home.act('button.press', { entity_id: ids.clear });
    const cleared = await Promise.all(waiting.map((text) => results.of(text, 'cancelled')));
    await home.act('button.press', { entity_id: ids.stop });
    const stopped = await results.of(long, 'cancelled');
    const reasons = [stopped, ...cleared].map(({ reason }) => reason);
    expect(reasons.join() === 'stopped,cleared,cleared', `reasons: ${reasons.join(', ')}`);
    await until('none waits', async () => (await home.state(ids.queue!)).state === '0');
    for (const key of ['stop', 'clear'] as const) {
      const { state } = await home.state(ids[key]!);
      expect(!Number.isNaN(Date.parse(state)), `the button's state is ${state}`);
    }
    return 'stopped one, cleared two';
  });

  await report.check('the automation of docs/announcements.md plays it on the players that were meant', async () => {
    const text = 'Someone is at the door.';
    const payload = JSON.stringify({
      text,
      priority: 10,
      chime: true,
      target: PLAYERS.map((name) => `media_player.${name}`),
    });
    await home.act('mqtt.publish', { topic: `higgs-tts/${ANNOUNCER}/say`, qos: 1, payload });
    const { url } = await results.of(text, 'done');
    await until('the players have the sound', async () => {
      const given = await Promise.all(PLAYERS.map((name) => home.state(`input_text.${name}`)));
      return given.every(({ state }) => state === url);
    });
    return `${PLAYERS.join(', ')}: ${url}`;
  });
  return ids;
}
