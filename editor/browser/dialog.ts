/** A form comes to life in the dialog that Node-RED has just opened: tabs, typed inputs, rows that come and go. */
import { elementId, fieldsOf, fullKey, type Form, type TypedField, type ValueKind } from '../forms/form.js';
import { tabId } from '../forms/template.js';
import { searchChimes } from './chimes.js';
import { searchPlayers } from './found-players.js';
import { sharedText } from './texts.js';
import { openAtClick, searchVoices } from './voices.js';

export function prepareDialog(form: Form): void {
  for (const field of fieldsOf(form)) {
    if (field.kind === 'typed') typedInput(form, field);
    else if (field.kind === 'plain' && field.rule !== undefined && field.hint === undefined) {
      $(`#${elementId(form, field.name)}`).attr('placeholder', `${field.rule.min} – ${field.rule.max}`);
    }
  }
  const followed = new Set(fieldsOf(form).flatMap(({ when }) => (when === undefined ? [] : [when.field])));
  for (const name of followed) {
    $(`#${elementId(form, name)}`)
      .on('change', () => showRows(form))
      .trigger('change');
  }
  openTabs(form);
}

function typedInput(form: Form, field: TypedField): void {
  const id = elementId(form, field.name);
  const input = $(`#${id}`);
  const { rule } = field;
  if (rule !== undefined && input.attr('placeholder') === undefined) {
    input.attr('placeholder', `${rule.min} – ${rule.max}`);
  }
  input.typedInput({ default: field.from[0] ?? 'str', typeField: `#${id}Type`, types: field.from.map(typeOf) });
  openAtClick(visibleInput(input), () => LISTS.includes(input.typedInput('type')));
}

const LISTS: readonly string[] = ['voice', 'chime', 'player'];

/** Where a typed input is typed into. */
export function visibleInput(input: JQuery): JQuery {
  return input.siblings('.red-ui-typedInput-container').find('.red-ui-typedInput-input');
}

function typeOf(kind: ValueKind): string | TypedInputType {
  if (kind === 'voice') {
    return { value: kind, label: sharedText('common.voice'), icon: 'fa fa-microphone', autoComplete: searchVoices };
  }
  if (kind === 'chime') {
    return { value: kind, label: sharedText('common.chime'), icon: 'fa fa-bell-o', autoComplete: searchChimes };
  }
  if (kind === 'player') {
    const label = RED._('@higgs-tts/node-red/higgs-play:play.player');
    return { value: kind, label, icon: 'fa fa-volume-up', autoComplete: searchPlayers };
  }
  return kind;
}

/** Rows whose condition does not hold are not there; typed inputs that were hidden when they were made get their width. */
function showRows(form: Form): void {
  $('.higgs-form [data-when-field]').each((_index, row) => {
    const { whenField = '', whenIs = '' } = row.dataset;
    const controller = $(`#${elementId(form, whenField)}`);
    if (controller.length > 0) $(row).toggle(whenIs.split(' ').includes(String(controller.val())));
  });
}

function openTabs(form: Form): void {
  const tabs = RED.tabs.create({
    id: `${form.type}-tabs`,
    onchange: ({ id }) => {
      $(`#${id}`).show().siblings('.higgs-tab').hide();
    },
  });
  for (const { id, icon, label } of form.tabs) {
    tabs.addTab({ id: tabId(form, id), label: RED._(fullKey(form, label)), iconClass: `fa fa-${icon}` });
  }
}
