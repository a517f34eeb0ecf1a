import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Contender } from '../../src/bench/contender.js';

test('a process that cannot be started, fails or says more than it was asked is heard right', async () => {
  const missing = Contender.start('none', path.join(os.tmpdir(), 'no-such-program'), []);
  await expect(missing.ask({ do: 'load' })).rejects.toThrow('none ended');
  const script = `
    const lines = require('readline').createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      console.log('loading weights');
      const { do: what } = JSON.parse(line);
      console.log(JSON.stringify(what === 'load' ? { milliseconds: [1, 2] } : { failed: 'no such thing' }));
    });`;
  const talking = Contender.start('talking', process.execPath, ['-e', script]);
  expect(await talking.ask({ do: 'load' })).toEqual([1, 2]);
  await expect(talking.ask({ do: 'decode' })).rejects.toThrow('talking: no such thing');
  await talking.end();
});

test('a voice of others tells how long its sound is and how long it worked; other answers are refused', async () => {
  const script = `
    const lines = require('readline').createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      const task = JSON.parse(line);
      const spoken = { durationSeconds: task.text?.length, workSeconds: 0.5 };
      console.log(JSON.stringify(task.do === 'speak' && task.text !== 'odd' ? { spoken } : { milliseconds: [] }));
    });`;
  const voice = Contender.start('voice', process.execPath, ['-e', script]);
  expect(await voice.ask({ do: 'load' })).toEqual([]);
  expect(await voice.speak('Hello.')).toEqual({ durationSeconds: 6, workSeconds: 0.5 });
  await expect(voice.speak('odd')).rejects.toThrow('voice did not say how it spoke');
  await voice.end();
});
