/** A form's dialog as the HTML that Node-RED clones into its tray. */
import { elementId, fullKey, type Field, type Form, type FormRow, type When } from './form.js';

/** Room for German words beside the field. */
const CONTROL = 'width:calc(100% - 150px)';

export function templateOf(form: Form): string {
  const tabs = form.tabs.map(
    ({ id, rows }) =>
      `    <div class="higgs-tab" id="${tabId(form, id)}" style="display:none">\n${rowsHtml(form, rows)}\n    </div>`,
  );
  return [
    `<script type="text/html" data-template-name="${form.type}">`,
    '  <div class="higgs-form">',
    rowsHtml(form, form.head),
    `    <div class="form-row higgs-tabs"><ul id="${form.type}-tabs"></ul></div>`,
    ...tabs,
    rowsHtml(form, form.foot ?? []),
    '  </div>',
    '</script>',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

export function tabId(form: Form, id: string): string {
  return `${form.type}-tab-${id}`;
}

function rowsHtml(form: Form, rows: readonly FormRow[]): string {
  return rows.map((row) => rowHtml(form, row)).join('\n');
}

function rowHtml(form: Form, row: FormRow): string {
  if (row.kind === 'tip') {
    return `    <div class="form-tips" ${when(row.when)}data-i18n="${fullKey(form, row.text)}"></div>`;
  }
  if (row.kind === 'panel') return `    <div class="form-row higgs-${row.panel}"${when(row.when)}></div>`;
  const icon = `<i class="fa fa-${row.icon} fa-fw"></i>`;
  const label = `<label for="${elementId(form, row.name)}">${icon} <span data-i18n="${fullKey(form, row.label)}"></span></label>`;
  return `    <div class="form-row" ${when(row.when)}>\n      ${label}\n      ${controlHtml(form, row)}\n    </div>`;
}

function controlHtml(form: Form, field: Field): string {
  const id = elementId(form, field.name);
  switch (field.kind) {
    case 'typed':
      return `<input type="text" id="${id}" style="${CONTROL}"${placeholder(form, field)}><input type="hidden" id="${id}Type">`;
    case 'plain':
      return `<input type="text" id="${id}" style="${CONTROL}"${placeholder(form, field)}>`;
    case 'secret':
      return `<input type="password" id="${id}" style="${CONTROL}"${placeholder(form, field)}>`;
    case 'node': {
      const input = `<input type="text" id="${id}" style="${CONTROL}">`;
      if (field.none === undefined) return input;
      return `${input}\n      <div class="higgs-aside higgs-below" data-i18n="${fullKey(form, field.none)}"></div>`;
    }
    case 'switch': {
      const hint = `<span data-i18n="${fullKey(form, field.hint)}"></span>`;
      return `<label class="higgs-switch"><input type="checkbox" id="${id}"> ${hint}</label>`;
    }
    case 'choice': {
      const options = field.choices.map(
        ({ value, label }) => `<option value="${value}" data-i18n="${fullKey(form, label)}"></option>`,
      );
      return `<select id="${id}" style="${CONTROL}">${options.join('')}</select>`;
    }
    case 'list':
      return `<ol class="higgs-${field.panel}" id="${id}"></ol>`;
  }
}

function placeholder(form: Form, { example, hint }: { readonly example?: string; readonly hint?: string }): string {
  if (hint !== undefined) return ` data-i18n="[placeholder]${fullKey(form, hint)}"`;
  return example === undefined ? '' : ` placeholder="${example}"`;
}

/** Where a row is shown: the browser reads it off the row. */
function when(condition: When | undefined): string {
  return condition === undefined
    ? ''
    : `data-when-field="${condition.field}" data-when-is="${condition.is.join(' ')}" `;
}
