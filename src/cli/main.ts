#!/usr/bin/env node
/** The command line, `higgs-tts`: speech, voices, conversion and facts, by the engine's API alone. */
import { HiggsError, PACKAGE_VERSION } from '../engine/index.js';
import { bench } from './bench.js';
import { COMMANDS, helpText, parseCommand, UsageError, type CommandName, type Values } from './command-line.js';
import { convert } from './convert.js';
import { gpuCheck } from './gpu-check.js';
import { info } from './info.js';
import { pull } from './pull.js';
import { read } from './read.js';
import { say } from './say.js';
import { serve } from './serve.js';
import { voices } from './voices.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** What a shell gives for a command that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

const RUN: Readonly<Record<CommandName, (values: Values, texts: readonly string[]) => Promise<void>>> = {
  say,
  read,
  voices,
  convert,
  pull,
  serve,
  bench,
  'gpu-check': gpuCheck,
  info,
};

async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${PACKAGE_VERSION}\n`);
  } else if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpText(PACKAGE_VERSION));
    if (name === undefined) process.exitCode = EXIT_USAGE;
  } else if (!isCommand(name)) {
    throw new UsageError(`There is no command "${name}".`);
  } else if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(helpText(PACKAGE_VERSION));
  } else {
    const { values, texts } = parseCommand(name, rest);
    await RUN[name](values, texts);
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** One line: what happened and what to do. */
function report(thrown: unknown): number {
  if (thrown instanceof UsageError) {
    process.stderr.write(`higgs-tts: ${thrown.message} See higgs-tts --help.\n`);
    return EXIT_USAGE;
  }
  const error = HiggsError.from(thrown);
  process.stderr.write(`higgs-tts: ${error.toString().replaceAll('\n', ' ')} (${error.code})\n`);
  return error.code === 'HIGGS_ABORTED' ? EXIT_INTERRUPTED : EXIT_FAILED;
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.exitCode = report(thrown);
});
