import { expect, test } from 'vitest';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();

const MESSAGES = 200;
const SECONDS = 10;
/** Speech of what is left over; a loaded machine may take its time. */
const LIMIT_MS = 300_000;
const NODES = ['hall', 'kitchen', 'office'];
const SETTINGS = [{}, { priority: '2', priorityType: 'num' }, { output: 'stream' }];
const engine: FlowNode = { id: 'own', type: 'higgs-engine', queueLimit: '40' };
const speaking = NODES.map((id, index): FlowNode => {
  return { id, type: 'higgs-synthesize', engine: 'own', maxSeconds: '0.4', cache: false, ...SETTINGS[index] };
});

interface Part {
  readonly id: string;
  readonly index: number;
  readonly count?: number;
  readonly last?: true;
}

/** Deterministic, and without a pattern that could hide a case. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ; state = (state * 48_271) % 2_147_483_647) yield state;
}

test(
  `of ${MESSAGES} messages in ${SECONDS} s, with priorities, stops and interruptions, each has one end`,
  async () => {
    const bench = await Bench.deploy([engine, ...speaking]);
    const chance = numbers();
    const next = (below: number) => chance.next().value % below;
    let commands = 0;
    const command = (cmd: string) => {
      commands += 1;
      bench.send(NODES[next(3)]!, { cmd, topic: 'command' });
    };
    const paused = new Set<string>();
    for (let index = 0; index < MESSAGES; index++) {
      const higgs = {
        ...(next(3) === 0 ? { priority: next(5) } : {}),
        ...(next(20) === 0 ? { interrupt: true } : {}),
        ...(next(25) === 0 ? { sped: 2 } : {}),
      };
      bench.send(NODES[index % 3]!, { payload: ['Yes.', 'No.', 'Dinner.'][next(3)]!, topic: `${index}`, higgs });
      if (next(15) === 0) command(['stop', 'clear', 'skip'][next(3)]!);
      if (next(20) === 0) {
        const node = NODES[next(3)]!;
        commands += 1;
        bench.send(node, { cmd: paused.has(node) ? 'resume' : 'pause', topic: 'command' });
        if (!paused.delete(node)) paused.add(node);
      }
      await new Promise((resolve) => setTimeout(resolve, (1000 * SECONDS) / MESSAGES));
    }
    for (const node of NODES) {
      commands += 1;
      bench.send(node, { cmd: 'resume', topic: 'command' });
    }
    await bench.until(() => bench.completed.length + bench.caught.length >= MESSAGES + commands);

    const isStream = (msg: Message) => 'parts' in msg;
    const outputs = bench.sent.filter((msg) => !isStream(msg) || (msg.parts as Part).last === true);
    const isCancelled = ({ higgs }: Message) => (higgs as { cancelled?: true } | undefined)?.cancelled === true;
    const isFailed = ({ higgs }: Message) => (higgs as { failed?: string } | undefined)?.failed !== undefined;
    const topics = (messages: readonly Message[]) => messages.map(({ topic }) => topic as string);
    const spoken = topics(outputs.filter((msg) => !isCancelled(msg) && !isFailed(msg)));
    const cancelled = topics(bench.completed.filter(isCancelled));
    const failed = topics(bench.caught);
    const all = [...spoken, ...cancelled, ...failed].sort();
    expect(all).toEqual(Array.from({ length: MESSAGES }, (_, index) => `${index}`).sort());
    // Complete is what was spoken, what was called off, and the commands.
    expect(bench.completed).toHaveLength(spoken.length + cancelled.length + commands);
    expect(
      topics(bench.completed)
        .filter((topic) => topic !== 'command')
        .sort(),
    ).toEqual([...spoken, ...cancelled].sort());
    for (const { error } of bench.caught) expect(['HIGGS_OPTION_INVALID', 'HIGGS_QUEUE_FULL']).toContain(error.code);
    for (const ways of [spoken, cancelled, failed]) expect(ways.length).toBeGreaterThan(0);
    // Each stream that began has one end, its parts in order and none missing.
    const streamed = bench.sent.filter(isStream).map(({ parts }) => parts as Part);
    for (const id of new Set(streamed.map((part) => part.id))) {
      const facts = streamed.filter((part) => part.id === id);
      expect(facts.map(({ index }) => index)).toEqual(facts.map((_, index) => index));
      expect(facts.filter(({ last }) => last === true)).toHaveLength(1);
      expect(facts.at(-1)).toMatchObject({ last: true, count: facts.length });
    }
  },
  LIMIT_MS,
);
