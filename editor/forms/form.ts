/**
 * A dialog is a table: tabs with rows, each row a field (a property that the node keeps) or a place that code fills.
 * The build makes the dialog's HTML of it, the browser the property definitions, validators and inputs. Data only.
 */
import type { NumberRule } from '../../src/engine/options.js';

/** Where a typed input's value comes from; `voice`, `chime` and `player` are lists of names. */
export type ValueKind =
  'str' | 'num' | 'bool' | 'json' | 'msg' | 'flow' | 'global' | 'env' | 'jsonata' | 'voice' | 'chime' | 'player';

/** Holds where another field of the dialog has one of these values. */
export interface When {
  readonly field: string;
  readonly is: readonly string[];
}

interface Row {
  /** The row is shown only there. */
  readonly when?: When;
}

interface Labelled extends Row {
  /** The property. */
  readonly name: string;
  /** Font Awesome 4.7, without `fa-`. */
  readonly icon: string;
  /** A key of the node's own catalogue, or of the shared one where it begins with `common.`. */
  readonly label: string;
}

interface Placeholder {
  /** A text that needs no translation, such as a path. */
  readonly example?: string;
  /** A key. */
  readonly hint?: string;
}

export interface TypedField extends Labelled, Placeholder {
  readonly kind: 'typed';
  /** The first one is a new node's. */
  readonly from: readonly ValueKind[];
  readonly value: string;
  /** Range of a number that is typed in. */
  readonly rule?: NumberRule;
  /** Empty is an error while the row is shown. */
  readonly needed?: true;
}

export interface PlainField extends Labelled, Placeholder {
  readonly kind: 'plain';
  readonly value: string;
  readonly rule?: NumberRule;
  readonly needed?: true;
}

export interface ChoiceField extends Labelled {
  readonly kind: 'choice';
  readonly value: string;
  /** In the order in which they are shown; the labels are keys. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

export interface SwitchField extends Labelled {
  readonly kind: 'switch';
  readonly value: boolean;
  /** A key: what the switch does, beside it. */
  readonly hint: string;
}

/** Another node that this one uses. */
export interface NodeField extends Labelled {
  readonly kind: 'node';
  readonly type: string;
  /** Without one the node does not work. */
  readonly needed?: true;
  /** A key: what none means, below the field. */
  readonly none?: string;
}

/** A text that is kept apart, encrypted, and never leaves the runtime again. */
export interface SecretField extends Labelled, Placeholder {
  readonly kind: 'secret';
}

/** A list that has an editor of its own, `panel`. */
export interface ListField extends Labelled {
  readonly kind: 'list';
  readonly value: readonly object[];
  readonly panel: string;
}

export type Field = TypedField | PlainField | ChoiceField | SwitchField | SecretField | NodeField | ListField;

/** A box with a hint. */
export interface Tip extends Row {
  readonly kind: 'tip';
  readonly text: string;
}

/** A place that code fills: `<div class="higgs-<panel>">`. */
export interface Panel extends Row {
  readonly kind: 'panel';
  readonly panel: string;
}

export type FormRow = Field | Tip | Panel;

export interface Tab {
  readonly id: string;
  readonly icon: string;
  readonly label: string;
  readonly rows: readonly FormRow[];
}

export interface Form {
  readonly type: string;
  readonly config?: true;
  /** Rows above the tabs, and below them. */
  readonly head: readonly FormRow[];
  readonly tabs: readonly Tab[];
  readonly foot?: readonly FormRow[];
}

/** A field with a choice of `values`, the first of which a new node has; `labels` and a value make the key of its label. */
export function choiceField(
  name: string,
  icon: string,
  label: string,
  values: readonly (string | number)[],
  labels: string,
  more: Row = {},
): ChoiceField {
  const choices = values.map((value) => ({ value: String(value), label: `${labels}.${value}` }));
  return { kind: 'choice', name, icon, label, value: String(values[0]), choices, ...more };
}

export function rowsOf(form: Form): readonly FormRow[] {
  return [...form.head, ...form.tabs.flatMap((tab) => tab.rows), ...(form.foot ?? [])];
}

export function fieldsOf(form: Form): readonly Field[] {
  return rowsOf(form).filter((row): row is Field => row.kind !== 'tip' && row.kind !== 'panel');
}

/** What a node keeps: each field's property, and for typed ones the kind of their value. */
export function propertyNames(form: Form): readonly string[] {
  const kept = fieldsOf(form).filter(({ kind }) => kind !== 'secret');
  return kept.flatMap(({ kind, name }) => (kind === 'typed' ? [name, `${name}Type`] : [name]));
}

/** The id of a property's element, as Node-RED wants it. */
export function elementId(form: Form, name: string): string {
  return `${form.config === true ? 'node-config-input' : 'node-input'}-${name}`;
}

const SHARED_CATALOGUE = '@higgs-tts/node-red/higgs-engine:';

/** A key as Node-RED finds it from anywhere: the node's own catalogue, or the one that all nodes share. */
export function fullKey(form: Form, key: string): string {
  return key.startsWith('common.') ? SHARED_CATALOGUE + key : `@higgs-tts/node-red/${form.type}:${key}`;
}
