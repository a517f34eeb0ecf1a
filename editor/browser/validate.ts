/** Validators: what Node-RED asks of a property, while its dialog is open and when flows are loaded. */
import type { NumberRule } from '../../src/engine/options.js';
import { elementId, type Field, type Form, type PlainField, type TypedField, type When } from '../forms/form.js';
import { sharedText, textOf } from './texts.js';

/** Lists of names take any name: the engine may know one that is not loaded now. */
const NAMES: readonly string[] = ['voice', 'chime', 'player'];

export function validatorOf(form: Form, field: Field): RedProperty['validate'] {
  if (field.kind !== 'typed' && field.kind !== 'plain') return undefined;
  return function (value, options) {
    const problem = problemOf(form, field, this, value, options);
    if (problem === undefined) return true;
    // Without options Node-RED knows yes and no alone.
    return options === undefined ? false : problem;
  };
}

function problemOf(
  form: Form,
  field: TypedField | PlainField,
  node: RedNode,
  value: unknown,
  options: ValidatorOptions | undefined,
): string | undefined {
  const name = options?.label ?? field.name;
  if (value === '' || value === undefined || value === null) {
    if (field.needed !== true || !holds(form, node, field.when)) return undefined;
    return sharedText('invalid.missing', { name });
  }
  const type = field.kind === 'typed' ? textOf(current(form, node, `${field.name}Type`)) || field.from[0]! : 'plain';
  if (type === 'num' || type === 'plain')
    return field.rule === undefined ? undefined : rangeProblem(value, name, field.rule);
  if (NAMES.includes(type)) return undefined;
  const answer = RED.utils.validateTypedProperty(value, type, options ?? {});
  if (answer === true) return undefined;
  return typeof answer === 'string' ? answer : sharedText('invalid.value', { name });
}

export function rangeProblem(value: unknown, name: string, rule: NumberRule): string | undefined {
  const number = Number(value);
  const whole = rule.integer !== true || Number.isInteger(number);
  if (number >= rule.min && number <= rule.max && whole) return undefined;
  return sharedText(rule.integer === true ? 'invalid.whole' : 'invalid.range', { name, min: rule.min, max: rule.max });
}

export function holds(form: Form, node: RedNode, when: When | undefined): boolean {
  return when === undefined || when.is.includes(textOf(current(form, node, when.field)));
}

/** A property as the open dialog has it, else as the node has it. */
function current(form: Form, node: RedNode, name: string): unknown {
  const shown = $(`#${elementId(form, name)}`).val();
  return shown === undefined || shown === '' ? node[name] : shown;
}
