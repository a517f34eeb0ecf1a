/** Config files: JSON objects read field by field, so that an error names the file and the field. */
import { HiggsError } from '../errors.js';
import { readCheckpointText } from '../regular-file.js';
import { isObject } from '../values.js';

/** Both ends are included. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const ANY: Range = {};
/** A list has an item for each layer, at most. */
const LONGEST_LIST = 512;
const LONGEST_SHOWN = 100;

/** One object of a JSON file. Dots in a field's name go into nested objects: `text_config.hidden_size`. */
export class JsonFile {
  private constructor(
    readonly path: string,
    private readonly content: Readonly<Record<string, unknown>>,
  ) {}

  /** Throws HIGGS_CHECKPOINT_MISSING where there is no such file, HIGGS_CHECKPOINT_BROKEN where it is no JSON object. */
  static async read(file: string): Promise<JsonFile> {
    const found = await JsonFile.readIfThere(file);
    if (found === undefined) {
      throw new HiggsError('HIGGS_CHECKPOINT_MISSING', `There is no ${file}.`);
    }
    return found;
  }

  /** Undefined where there is no such file. */
  static async readIfThere(file: string): Promise<JsonFile | undefined> {
    const text = await readCheckpointText(file);
    if (text === undefined) return undefined;
    try {
      const content: unknown = JSON.parse(text);
      if (isObject(content)) return new JsonFile(file, content);
    } catch (error) {
      throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} is not JSON.`, { cause: error });
    }
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} holds no JSON object.`);
  }

  /**
   * A finite number within `range`, its ends included; `fallback` where the field is missing or null. Without a fallback the field
   * must be there.
   */
  number(field: string, fallback?: number, range: Range = ANY): number {
    return this.checked(field, fallback, `a number${described(range)}`, (value) => isWithin(value, range));
  }

  /** A whole number from 1 to `max`. */
  size(field: string, max: number, fallback?: number): number {
    const range = { min: 1, max };
    return this.checked(field, fallback, `a whole number${described(range)}`, (value) => isWhole(value, range));
  }

  /** A whole number from 0 to `max`. */
  id(field: string, max: number, fallback?: number): number {
    const range = { min: 0, max };
    return this.checked(field, fallback, `a whole number${described(range)}`, (value) => isWhole(value, range));
  }

  /** Up to {@link LONGEST_LIST} numbers, one at least. */
  numbers(field: string, range: Range, fallback?: readonly number[]): readonly number[] {
    return this.list(field, `numbers${described(range)}`, (value) => isWithin(value, range), fallback);
  }

  /** The same of whole numbers from 1 to `max`. */
  sizes(field: string, max: number, fallback?: readonly number[]): readonly number[] {
    const range = { min: 1, max };
    return this.list(field, `whole numbers${described(range)}`, (value) => isWhole(value, range), fallback);
  }

  text(field: string, fallback?: string): string {
    return this.checked(field, fallback, 'a text', (value) => typeof value === 'string');
  }

  flag(field: string, fallback?: boolean): boolean {
    return this.checked(field, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  has(field: string): boolean {
    return this.find(field) !== undefined;
  }

  /** Whether null is written at `field`, which is not the same as nothing: "none of it" for some fields. */
  isNull(field: string): boolean {
    return this.raw(field) === null;
  }

  /** What lies at `field`; undefined where there is nothing, or null. */
  find(field: string): unknown {
    return this.raw(field) ?? undefined;
  }

  private raw(field: string): unknown {
    let value: unknown = this.content;
    for (const part of field.split('.')) value = isObject(value) ? value[part] : undefined;
    return value;
  }

  /** HIGGS_CHECKPOINT_BROKEN: `field` is what it is, which does not fit, for `why`. */
  wrong(field: string, why: string): HiggsError {
    const value = this.find(field);
    const found = value === undefined ? 'missing' : JSON.stringify(value);
    return new HiggsError(
      'HIGGS_CHECKPOINT_BROKEN',
      `The field "${field}" of ${this.path} is ${shown(found)}; ${why}.`,
    );
  }

  private list(
    field: string,
    kind: string,
    holds: (value: unknown) => boolean,
    fallback: readonly number[] | undefined,
  ): readonly number[] {
    const isList = (value: unknown): boolean =>
      Array.isArray(value) && value.length > 0 && value.length <= LONGEST_LIST && value.every(holds);
    return this.checked(field, fallback, `a list of up to ${LONGEST_LIST} ${kind}`, isList);
  }

  private checked<T>(field: string, fallback: T | undefined, kind: string, holds: (value: unknown) => boolean): T {
    const value = this.find(field) ?? fallback;
    if (holds(value)) return value as T;
    const found = value === undefined ? 'missing' : shown(JSON.stringify(value));
    throw new HiggsError(
      'HIGGS_CHECKPOINT_BROKEN',
      `The field "${field}" of ${this.path} is ${found}; ${kind} is expected.`,
    );
  }
}

/** As much of a value as a message can take. */
function shown(json: string): string {
  return json.length <= LONGEST_SHOWN ? json : `${json.slice(0, LONGEST_SHOWN)}…`;
}

function described({ min = -Infinity, max = Infinity }: Range): string {
  if (min === -Infinity && max === Infinity) return '';
  return max === Infinity ? ` of ${min} or more` : ` from ${min} to ${max}`;
}

function isWithin(value: unknown, { min = -Infinity, max = Infinity }: Range): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max;
}

function isWhole(value: unknown, range: Range): boolean {
  return Number.isSafeInteger(value) && isWithin(value, range);
}
