/** A soak's figures as tables in Markdown. */
import { MOMENTS, SIGNALS } from './moments.js';
import type { Round, SoakReport } from './soak.js';

export function soakTables({ rounds, before, after, problems }: SoakReport): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const figures = [
    ['processes', before.processes ?? '–', after.processes ?? '–'],
    ['open descriptors', before.descriptors ?? '–', after.descriptors ?? '–'],
    ['handles', before.resources, after.resources],
    ['files in the cache and temporary folders', before.files.length, after.files.length],
    ['heap and buffers (MB)', megabytes(before.heapBytes), megabytes(after.heapBytes)],
    ['resident (MB)', megabytes(before.residentBytes), megabytes(after.residentBytes)],
  ] as const;
  return [
    '| killed while | by | kills | requests | ended in sound | in a coded error | longest from kill to end (s) |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...MOMENTS.flatMap((moment) =>
      SIGNALS.map((signal) =>
        row(
          moment,
          signal,
          rounds.filter((round) => round.moment === moment && round.signal === signal),
        ),
      ),
    ).filter((line) => line !== undefined),
    row('all', '', rounds) ?? '',
    '',
    '| this process holds | before | after |',
    '| --- | ---: | ---: |',
    ...figures.map(([name, was, is]) => `| ${name} | ${was} | ${is} |`),
    '',
    problems.length === 0 ? 'No problems.' : `Problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
  ].join('\n');
}

function row(moment: string, signal: string, rounds: readonly Round[]): string | undefined {
  if (rounds.length === 0) return undefined;
  const ends = rounds.flatMap((round) => round.ends);
  const inSound = ends.filter((end) => end === 'sound').length;
  const longest = Math.max(...rounds.map(({ endSeconds }) => endSeconds)).toFixed(1);
  return `| ${moment} | ${signal} | ${rounds.length} | ${ends.length} | ${inSound} | ${ends.length - inSound} | ${longest} |`;
}
