/** Config files: JSON objects read field by field, so that an error names the file and the field. */
import { readFile } from 'node:fs/promises';
import { HiggsError, systemCode } from '../errors.js';
import { isObject } from '../values.js';

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
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
      throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} cannot be read.`, { cause: error });
    }
    try {
      const content: unknown = JSON.parse(text);
      if (isObject(content)) return new JsonFile(file, content);
    } catch (error) {
      throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} is not JSON.`, { cause: error });
    }
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} holds no JSON object.`);
  }

  /** A finite number; `fallback` where the field is missing or null. Without a fallback the field must be there. */
  number(field: string, fallback?: number): number {
    return this.checked(field, fallback, 'a number', (value) => typeof value === 'number' && Number.isFinite(value));
  }

  /** A whole number above 0. */
  size(field: string, fallback?: number): number {
    const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
    return this.checked(field, fallback, 'a whole number above 0', isSize);
  }

  /** A whole number, 0 included. */
  id(field: string, fallback?: number): number {
    const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
    return this.checked(field, fallback, 'a whole number', isId);
  }

  numbers(field: string, fallback?: readonly number[]): readonly number[] {
    const isList = (value: unknown): boolean =>
      Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
    return this.checked(field, fallback, 'a list of numbers', isList);
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

  /** What lies at `field`; undefined where there is nothing, or null. */
  find(field: string): unknown {
    let value: unknown = this.content;
    for (const part of field.split('.')) value = isObject(value) ? value[part] : undefined;
    return value ?? undefined;
  }

  private checked<T>(field: string, fallback: T | undefined, kind: string, holds: (value: unknown) => boolean): T {
    const value = this.find(field) ?? fallback;
    if (!holds(value)) {
      const found = value === undefined ? 'missing' : JSON.stringify(value);
      throw new HiggsError(
        'HIGGS_CHECKPOINT_BROKEN',
        `The field "${field}" of ${this.path} is ${found}; ${kind} is expected.`,
      );
    }
    return value as T;
  }
}
