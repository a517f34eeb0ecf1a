import { describe, expect, test } from 'vitest';
import { SMALL_MODEL, until } from '../engine-kit.js';
import { Listener } from '../service/mqtt/announcer-kit.js';
import { embeddedBroker } from '../service/mqtt/brokers.js';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();

const ENGINE = { id: 'engine', type: 'higgs-engine', model: 'folder', modelFolder: SMALL_MODEL };
const brokerAt = (port: number): FlowNode => ({
  id: 'broker',
  type: 'mqtt-broker',
  broker: '127.0.0.1',
  port: String(port),
  protocolVersion: '4',
  cleansession: true,
});
const announce = (more: object = {}): FlowNode => ({
  id: 'announce',
  type: 'higgs-announce',
  engine: 'engine',
  broker: 'broker',
  device: 'test',
  soundAddress: '127.0.0.1',
  ...more,
});

async function house(more: object = {}, others: readonly FlowNode[] = []) {
  const broker = await embeddedBroker();
  const listener = await Listener.on(broker.url);
  const flow = [ENGINE, brokerAt(broker.port), ...others, announce(more)];
  const bench = await Bench.deploy(flow);
  await bench.until(() => bench.lastStatus('announce')?.fill === 'green');
  return { broker, listener, flow, bench };
}

describe('an announcer', () => {
  test('speaks what comes by MQTT, and sends the address of its sound into the flow', async () => {
    const { listener, bench } = await house();
    await listener.say({ text: 'Hello.', id: 'a', target: 'kitchen' });
    await bench.until(() => bench.sent.length > 0);
    const [sent] = bench.sent;
    expect(sent).toMatchObject({ text: 'Hello.', target: ['kitchen'], higgs: { id: 'a', mediaType: 'audio/wav' } });
    const answer = await fetch(sent!.payload as string);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
    await until(() => listener.withState('done').length === 1);
    expect(listener.withState('done')[0]!.url).toBe(sent!.payload);
    expect(bench.statuses.get('announce')!.map(({ fill }) => fill)).toContain('blue');
  });

  test('serves its sounds where the sounds node says, and has stored ones in place of a text', async () => {
    const sounds = {
      id: 'sounds',
      type: 'higgs-sounds',
      soundAddress: '127.0.0.1',
      soundUrl: 'http://127.0.0.1:1/house',
    };
    const { bench } = await house({ sounds: 'sounds' }, [sounds]);
    bench.send('announce', { payload: 'sound:gong' });
    await bench.until(() => bench.sent.length === 1);
    expect(bench.sent[0]!.payload).toMatch(/^http:\/\/127\.0\.0\.1:1\/house\/sounds\//);
    expect(bench.sent[0]!.higgs).toMatchObject({ voice: 'sound:gong' });
  });

  test('speaks what the flow sends, as a text or an object, and gives a Buffer where it is set so', async () => {
    const { listener, bench } = await house({ output: 'buffer', format: 'mp3' });
    bench.send('announce', { payload: 'One.' });
    bench.send('announce', { payload: { text: 'Two.', id: 'two', priority: -1 } });
    await bench.until(() => bench.sent.length === 2 && bench.completed.length === 2);
    expect(bench.sent.map(({ text }) => text)).toEqual(['One.', 'Two.']);
    expect(Buffer.isBuffer(bench.sent[0]!.payload)).toBe(true);
    expect(bench.sent[1]!.higgs).toMatchObject({ id: 'two', mediaType: 'audio/mpeg' });
    await until(() => listener.withState('done').length === 2);
  });

  test.each<[string, Message, string]>([
    ['no text', { payload: '' }, 'HIGGS_TEXT_EMPTY'],
    ['an unknown field', { payload: { text: 'A', loud: 1 } }, 'HIGGS_OPTION_INVALID'],
    ['a number of things', { payload: [1, 2] }, 'HIGGS_OPTION_INVALID'],
    ['an unknown command', { cmd: 'dance' }, 'HIGGS_OPTION_INVALID'],
  ])('refuses %s in a message, once, for the Catch nodes', async (_, msg, code) => {
    const { bench } = await house();
    expect(await bench.error('announce', msg)).toMatchObject({ code });
    expect([bench.caught.length, bench.sent.length]).toEqual([1, 0]);
  });

  test('tells the Catch nodes of an announcement that came by MQTT and failed', async () => {
    const { listener, bench } = await house();
    await listener.say({ text: 'Hello.', voice: 'nobody', id: 'of nobody' });
    await bench.until(() => bench.caught.length > 0);
    expect(bench.caught[0]).toMatchObject({ payload: 'Hello.', error: { code: 'HIGGS_VOICE_UNKNOWN' } });
  });

  test('goes offline at a deploy and comes back; when it is deleted, its device goes too', async () => {
    const { listener, bench, flow } = await house();
    const availability = () => listener.texts('higgs-tts/test/availability');
    await bench.redeploy(flow);
    await until(() => availability().join() === 'online,offline,online');
    await bench.stopOne('announce');
    await until(() => listener.texts('homeassistant/device/test/config').at(-1) === '');
  });

  test('without a broker says so', async () => {
    const bench = await Bench.deploy([ENGINE, announce({ broker: '' })]);
    await bench.until(() => bench.caught.length > 0);
    expect(bench.caught[0]!.error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    expect(bench.lastStatus('announce')).toMatchObject({ fill: 'red' });
    expect(await bench.error('announce', { payload: 'Hello.' })).toMatchObject({ code: 'HIGGS_CLOSED' });
  });

  test('without a broker that answers looks for it, speaks what the flow sends, and can be closed', async () => {
    const bench = await Bench.deploy([ENGINE, brokerAt(1), announce()]);
    await bench.until(() => bench.lastStatus('announce')?.fill === 'yellow');
    bench.send('announce', { payload: 'Hello.' });
    await bench.until(() => bench.sent.length > 0);
    await bench.stopOne('announce');
  });
});
