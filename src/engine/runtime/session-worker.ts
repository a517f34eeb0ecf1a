/** The thread's end of {@link SessionThread}: opens one graph, runs it when told, one run after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { HiggsError } from '../errors.js';
import { openSession, type GraphResults, type TensorValue } from './session.js';
import type { FromSessionThread, SessionThreadSettings, ToSessionThread } from './session-thread.js';

const port = parentPort!;
const { file, threads } = workerData as SessionThreadSettings;
const opening = openSession(file, { device: 'cpu', threads });

function post(message: FromSessionThread, buffers: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, buffers);
}

function fail(thrown: unknown): void {
  post({ error: HiggsError.from(thrown, 'HIGGS_RUNTIME_FAILED').toWire() });
}

async function run(inputs: Readonly<Record<string, TensorValue>>): Promise<void> {
  const session = await opening;
  const results: GraphResults = Object.fromEntries(
    Object.entries(await session.run(inputs)).map(([name, { data, dims }]) => [name, { data, dims }]),
  );
  const buffers = Object.values(results).map(({ data }) => (data as Float32Array<ArrayBuffer>).buffer);
  post({ results }, buffers);
}

async function close(): Promise<void> {
  const session = await opening;
  await session.close();
  port.close();
}

let last: Promise<void> = opening.then(() => post({ results: {} }), fail);
port.on('message', (message: ToSessionThread) => {
  const work = 'run' in message ? () => run(message.run) : close;
  last = last.then(work).catch(fail);
});
