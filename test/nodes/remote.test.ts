import { afterEach, beforeEach, expect, test } from 'vitest';
import { SPEECH, SpeechServer } from '../engine/remote/speech-server.js';
import { Bench, nodeRed } from './node-red-kit.js';

nodeRed();

let server: SpeechServer;
beforeEach(async () => {
  server = await new SpeechServer().start();
});
afterEach(() => server.stop());

test('the nodes speak through a server elsewhere, with the key among the engine’s credentials', async () => {
  const engine = { id: 'engine', type: 'higgs-engine', remoteUrls: ` ${server.url} `, remoteFallBack: false };
  const flow = [engine, { id: 'speak', type: 'higgs-synthesize', engine: 'engine' }];
  const bench = await Bench.deploy(flow, { engine: { remoteKey: 'a-key-for-tests' } });
  const { payload } = await bench.result('speak', { payload: 'Dinner is ready.' });
  expect((payload as Buffer).length).toBe(44 + 2 * SPEECH.length);
  expect(server.spoken[0]!.headers.authorization).toBe('Bearer a-key-for-tests');
});
