import { openWyomingServer, type WyomingOptions, type WyomingServer } from '@higgs-tts/node-red/service';
import net from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { encodeEvent, EventReader, type WyomingEvent } from '../../../src/service/wyoming/codec.js';
import { engineOpener, SMALL_MODEL, until } from '../../engine-kit.js';

const engine = engineOpener({ model: SMALL_MODEL })();
const servers: WyomingServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function open(options: WyomingOptions = {}): Promise<WyomingServer> {
  const server = await openWyomingServer({ engine: () => engine, owner: 'test' }, { port: 0, ...options });
  servers.push(server);
  return server;
}

function connect(server: WyomingServer) {
  const socket = net.connect(server.port, '127.0.0.1').on('error', () => undefined);
  const reader = new EventReader(10e6);
  const events: WyomingEvent[] = [];
  const state = { closed: false };
  socket.on('data', (bytes) => void events.push(...reader.push(bytes))).once('close', () => (state.closed = true));
  const types = () => events.map(({ type }) => type);
  return {
    socket,
    events,
    state,
    send: (type: string, data?: object) => void socket.write(encodeEvent(type, data)),
    sound: () =>
      Buffer.concat(events.flatMap(({ type, payload }) => (type === 'audio-chunk' && payload ? [payload] : []))),
    until: (type: string) => until(() => types().includes(type)),
    types: () => types().filter((type, index, all) => type !== 'audio-chunk' || all[index - 1] !== 'audio-chunk'),
  };
}

test('an assistant that goes away stops its speech', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize', { text: 'One sentence after the other. '.repeat(40) });
  await assistant.until('audio-chunk');
  assistant.socket.destroy();
  await until(() => !engine.info().running);
});

test('text in parts is spoken sentence by sentence, and the whole of it once more is passed over', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize-start', {});
  assistant.send('synthesize-chunk', { text: 'The door ' });
  assistant.send('synthesize-chunk', { text: 'is open. It' });
  await assistant.until('audio-chunk');
  assistant.send('synthesize-chunk', { text: ' is late.' });
  assistant.send('synthesize', { text: 'The door is open. It is late.' });
  assistant.send('synthesize-stop');
  await assistant.until('synthesize-stopped');
  expect(assistant.types()).toEqual(['audio-start', 'audio-chunk', 'audio-stop', 'synthesize-stopped']);
});

test('an error is told and ends what was begun, and the next text is spoken', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize', { text: 'Hello.', voice: { name: 'nobody' } });
  await assistant.until('audio-stop');
  expect(assistant.types()).toEqual(['audio-start', 'error', 'audio-stop']);
  expect(assistant.events[1]!.data).toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  assistant.send('synthesize', { text: 'Hello.' });
  await until(() => assistant.types().length === 6);
  expect(assistant.types().slice(3)).toEqual(['audio-start', 'audio-chunk', 'audio-stop']);
});

test('an error in a text that comes in parts ends it at once; what still comes of it is passed over', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize-start', { voice: { name: 'nobody' } });
  assistant.send('synthesize-chunk', { text: 'The door is open. It is' });
  await assistant.until('synthesize-stopped');
  expect(assistant.types()).toEqual(['audio-start', 'error', 'audio-stop', 'synthesize-stopped']);
  assistant.send('synthesize-chunk', { text: ' late. It is cold.' });
  assistant.send('synthesize', { text: 'The door is open. It is late. It is cold.' });
  assistant.send('synthesize-stop');
  assistant.send('ping');
  await assistant.until('pong');
  expect(assistant.types().slice(4)).toEqual(['pong']);
  assistant.send('synthesize', { text: 'Hello.' });
  await until(() => assistant.types().slice(5).includes('audio-stop'));
});

test('an assistant that cannot be told the voices is let go', async () => {
  const broken = new Proxy(engine, {
    get: (target, property) =>
      property === 'voices'
        ? () => Promise.reject(new Error('The disk is gone.'))
        : (Reflect.get(target, property) as unknown),
  });
  const server = await openWyomingServer({ engine: () => broken, owner: 'test' }, { port: 0 });
  servers.push(server);
  const assistant = connect(server);
  assistant.send('describe');
  await until(() => assistant.state.closed);
  expect(assistant.types()).toEqual(['error']);
});

test.each(['😀', '', '...', '[laugh]'])(
  'a text without words, %j, is a short silence, whole or in parts',
  async (text) => {
    const assistant = connect(await open());
    assistant.send('synthesize', { text });
    await assistant.until('audio-stop');
    expect(assistant.types()).toEqual(['audio-start', 'audio-chunk', 'audio-stop']);
    expect(assistant.sound().length).toBe(14_400);
    assistant.send('synthesize-start', {});
    assistant.send('synthesize-chunk', { text });
    assistant.send('synthesize-stop');
    await assistant.until('synthesize-stopped');
    expect(assistant.types().slice(3)).toEqual(['audio-start', 'audio-chunk', 'audio-stop', 'synthesize-stopped']);
  },
);

test.each(['name', 'language'])('a %s of a voice that is longer than any is refused in few words', async (field) => {
  const assistant = connect(await open());
  assistant.send('synthesize', { text: 'Hello.', voice: { [field]: 'x'.repeat(200_000) } });
  await assistant.until('audio-stop');
  expect(assistant.types()).toEqual(['audio-start', 'error', 'audio-stop']);
  expect(assistant.events[1]!.data).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  expect(JSON.stringify(assistant.events[1]!.data).length).toBeLessThan(500);
});

test('a wrong voice at the start of a text in parts ends it, and its parts are passed over', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize-start', { voice: { name: 'x'.repeat(1000) } });
  await assistant.until('synthesize-stopped');
  assistant.send('synthesize-chunk', { text: 'The door is open. It is late.' });
  assistant.send('synthesize', { text: 'The door is open. It is late.' });
  assistant.send('synthesize-stop');
  assistant.send('ping');
  await assistant.until('pong');
  expect(assistant.types()).toEqual(['error', 'synthesize-stopped', 'pong']);
});

test('an assistant that sends without end is read no faster than it is answered', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize', { text: 'One sentence after the other. '.repeat(40) });
  await assistant.until('audio-chunk');
  const event = encodeEvent('ping', { text: 'x'.repeat(1000) });
  const flood = Buffer.concat(Array.from({ length: 1000 }, () => event));
  let sent = 0;
  // The system's own buffers take some megabytes before it is the sender's turn to wait.
  while (sent < 64 && assistant.socket.write(flood)) sent += 1;
  for (; sent < 64; sent += 1) assistant.socket.write(flood);
  await new Promise((resolve) => setImmediate(resolve));
  const waitingBefore = assistant.socket.writableLength;
  expect(waitingBefore).toBeGreaterThan(32e6);
  expect(assistant.state.closed).toBe(false);
  assistant.socket.destroy();
  await until(() => !engine.info().running);
});

test('one address cannot take all connections', async () => {
  const server = await open({ connectionLimit: 4 });
  const assistants = Array.from({ length: 4 }, () => connect(server));
  await until(() => assistants.filter(({ state }) => state.closed).length === 1);
  const staying = assistants.find(({ state }) => !state.closed)!;
  staying.send('ping');
  await staying.until('pong');
  staying.socket.destroy();
  await until(() => staying.state.closed);
  const next = connect(server);
  next.send('ping');
  await next.until('pong');
});

test('an event that never comes to its end ends the connection, however often a byte of it comes', async () => {
  const slow = connect(await open({ idleSeconds: 0.5 }));
  const drip = setInterval(() => slow.socket.write('x'), 50);
  await until(() => slow.state.closed);
  clearInterval(drip);
});

test('what is no Wyoming ends the connection, and so does doing nothing', async () => {
  const stranger = connect(await open());
  stranger.socket.write('GET / HTTP/1.1\r\n\r\n');
  await until(() => stranger.state.closed);
  const silent = connect(await open({ idleSeconds: 0.2 }));
  await until(() => silent.state.closed);
});

test('a port that is taken is told', async () => {
  const { port } = await open();
  await expect(open({ port })).rejects.toMatchObject({ code: 'HIGGS_ADDRESS_UNAVAILABLE' });
});

test('the menus of an assistant show names and what the voices are like', async () => {
  const assistant = connect(await open());
  assistant.send('describe');
  await assistant.until('info');
  const { tts } = assistant.events[0]!.data as { tts: { voices: { name: string; description: string }[] }[] };
  expect(tts[0]!.voices).toContainEqual(
    expect.objectContaining({ name: 'mia', description: 'Mia: feminine, american, lively' }),
  );
});

test('who asks and closes its side is answered, and the connection ends', async () => {
  const assistant = connect(await open());
  assistant.socket.end(Buffer.concat([encodeEvent('describe'), encodeEvent('ping')]));
  await until(() => assistant.state.closed);
  expect(assistant.types()).toEqual(['info', 'pong']);
});
