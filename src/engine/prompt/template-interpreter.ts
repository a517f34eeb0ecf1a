/**
 * Jinja templates that a stranger has written, with limits: a loop without end, a list or a text that grows without one would
 * hold or take down the process.
 */
import * as jinja from '@huggingface/jinja';
import { TRIM_FUNCTIONS, trimLikePython } from './template-trims.js';
import { withinTime } from './time-limit.js';

/** The published template takes some hundred steps for a conversation, and a hundred microseconds. */
const MOST_STEPS = 200_000;
const MOST_CHARACTERS = 1_000_000;
const MOST_ITEMS = 100_000;
const LIMIT_MS = 5_000;

/** What is used of the library; its own types name their files without endings, so this module system cannot follow them. */
interface RuntimeValue {
  readonly type: string;
  readonly value: unknown;
}
interface LibraryEnvironment {
  set(name: string, value: unknown): void;
}
const library = jinja as unknown as {
  readonly Template: new (source: string) => {
    readonly parsed: object;
    render(items: Readonly<Record<string, unknown>>): string;
  };
  readonly Environment: new () => LibraryEnvironment;
  readonly Interpreter: new (environment: LibraryEnvironment) => {
    run(program: object): RuntimeValue;
    evaluate(statement: object | undefined, environment: LibraryEnvironment): RuntimeValue;
  };
};

/** Counts what is evaluated, and measures what comes out of it. */
class LimitedInterpreter extends library.Interpreter {
  private steps = 0;

  override evaluate(statement: object | undefined, environment: LibraryEnvironment): RuntimeValue {
    if (++this.steps > MOST_STEPS) throw new Error(`it takes more than ${MOST_STEPS} steps`);
    const result = super.evaluate(statement, environment);
    const { value } = result;
    if (typeof value === 'string' && value.length > MOST_CHARACTERS) {
      throw new Error(`it writes more than ${MOST_CHARACTERS} characters`);
    }
    if (Array.isArray(value) && value.length > MOST_ITEMS) throw tooManyItems();
    return result;
  }
}

/** A template as a function of its variables. Throws what is wrong with it, at once or when it is called. */
export function compileJinja(source: string): (variables: Readonly<Record<string, unknown>>) => string {
  const { parsed } = withinTime(LIMIT_MS, () => new library.Template(source));
  trimLikePython(parsed);
  return (variables) => {
    const environment = new library.Environment();
    for (const [name, value] of Object.entries({ ...GLOBALS, ...TRIM_FUNCTIONS, ...variables }))
      environment.set(name, value);
    const { value } = withinTime(LIMIT_MS, () => new LimitedInterpreter(environment).run(parsed));
    return String(value);
  };
}

/** As the library gives them, which keeps its own to itself. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception: (message: unknown) => {
    throw new Error(String(message));
  },
  range,
  strftime_now: (format: unknown) =>
    new library.Template('{{ strftime_now(format) }}').render({ format: String(format) }),
};

/** Python's: `range(stop)`, `range(start, stop, step)`. */
function range(...numbers: readonly unknown[]): number[] {
  const [first = 0, second, step = 1] = numbers.map(Number);
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= MOST_ITEMS)) throw tooManyItems();
  return Array.from({ length: count }, (_, at) => start + at * step);
}

function tooManyItems(): Error {
  return new Error(`it makes a list of more than ${MOST_ITEMS} items`);
}
