/** A node's definition for the editor: its form says what it keeps, the rest is its own. */
import { newestVersion } from '../../nodes/common/migrations.js';
import { elementId, fieldsOf, type Field, type Form, type SecretField } from '../forms/form.js';
import type { Dialog, DialogPart } from './dialog-part.js';
import { prepareDialog } from './dialog.js';
import { validatorOf } from './validate.js';

export type Own = Pick<RedDefinition, 'label'> &
  Partial<Pick<RedDefinition, 'inputs' | 'outputs' | 'outputLabels' | 'button'>> & {
    /** Made anew for each dialog. */
    readonly parts?: () => readonly DialogPart[];
    /** Properties that no field shows. */
    readonly hidden?: Record<string, RedProperty>;
  };

export function define(form: Form, own: Own): RedDefinition {
  const { parts: makeParts = () => [], hidden = {}, ...rest } = own;
  let parts: readonly DialogPart[] = [];
  const closeAll = () => {
    for (const part of parts) part.close?.();
    parts = [];
  };
  return {
    ...(form.config === true
      ? { category: 'config' }
      : { category: 'speech', color: '#7FBFB8', inputs: 1, outputs: 1, icon: `${form.type}.svg` }),
    defaults: { ...defaultsOf(form), ...hidden, version: { value: newestVersion(form.type) } },
    ...credentialsOf(form),
    paletteLabel() {
      return this._(`${form.type.replace('higgs-', '')}.label`);
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : '';
    },
    ...rest,
    oneditprepare() {
      prepareDialog(form);
      parts = makeParts();
      const dialog: Dialog = {
        form,
        node: this,
        place: (panel) => $(`.higgs-form .higgs-${panel}`).last(),
        values: () => ({ ...valuesOf(form, this), ...valuesOfParts(parts) }),
      };
      for (const part of parts) part.prepare(dialog);
    },
    oneditsave() {
      Object.assign(this, valuesOfParts(parts));
      closeAll();
    },
    oneditcancel: closeAll,
    oneditdelete: closeAll,
  };
}

function defaultsOf(form: Form): Record<string, RedProperty> {
  const defaults: Record<string, RedProperty> = {};
  for (const field of fieldsOf(form)) {
    if (field.kind === 'secret') continue;
    const validate = validatorOf(form, field);
    defaults[field.name] = { ...propertyOf(field), ...(validate === undefined ? {} : { validate }) };
    if (field.kind === 'typed') defaults[`${field.name}Type`] = { value: field.from[0] };
  }
  return defaults;
}

function credentialsOf(form: Form): Pick<RedDefinition, 'credentials'> {
  const secrets = fieldsOf(form).filter(({ kind }) => kind === 'secret');
  if (secrets.length === 0) return {};
  return { credentials: Object.fromEntries(secrets.map(({ name }) => [name, { type: 'password' }])) };
}

function propertyOf(field: Exclude<Field, SecretField>): RedProperty {
  if (field.kind === 'node') return { value: '', type: field.type, required: field.needed === true };
  if (field.kind === 'choice') return { value: field.value, required: true };
  return { value: field.value };
}

/** What Node-RED itself would save now. */
function valuesOf(form: Form, node: RedNode): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, kind } of fieldsOf(form)) {
    if (kind === 'secret') continue;
    const element = $(`#${elementId(form, name)}`);
    if (kind === 'switch') values[name] = element.prop('checked');
    else if (kind === 'list') values[name] = node[name];
    else values[name] = element.val();
    if (kind === 'typed') values[`${name}Type`] = $(`#${elementId(form, `${name}Type`)}`).val();
    // The select of configuration nodes has entries for none and for a new one.
    if (kind === 'node' && (values[name] === '_ADD_' || values[name] === 'NONE')) values[name] = '';
  }
  return values;
}

function valuesOfParts(parts: readonly DialogPart[]): Record<string, unknown> {
  return Object.assign({}, ...parts.map((part) => part.values?.() ?? {})) as Record<string, unknown>;
}
