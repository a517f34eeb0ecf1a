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

test('an error is told, and the next text is spoken', async () => {
  const assistant = connect(await open());
  assistant.send('synthesize', { text: 'Hello.', voice: { name: 'nobody' } });
  await assistant.until('error');
  expect(assistant.events.at(-1)!.data).toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  assistant.send('synthesize', { text: '...' });
  assistant.send('synthesize', { text: 'Hello.' });
  await assistant.until('audio-stop');
  expect(assistant.sound().length).toBeGreaterThan(1000);
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
