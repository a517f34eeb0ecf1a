/** The editable list of a dialogue's speakers: whose voice, and from where between left and right. */
import type { DialogPart } from './dialog-part.js';
import type { SpeakerEntry } from '../forms/dialogue.js';
import { visibleInput } from './dialog.js';
import { LOOKED_UP } from '../forms/speaking.js';
import { sharedText } from './texts.js';
import { openAtClick, searchVoices } from './voices.js';

const LIST = '#node-input-speakers';

export function speakersPart(): DialogPart {
  return {
    prepare({ node }) {
      $(LIST).editableList({
        sortable: true,
        removable: true,
        height: 'auto',
        addItem: (container, _index, entry) => addSpeaker(node, container, entry),
      });
      for (const entry of (node.speakers ?? []) as readonly SpeakerEntry[]) $(LIST).editableList('addItem', entry);
    },
    // The editor counts a node's outputs by its property of that name.
    values: () => ({ speakers: speakers(), outputs: $('#node-input-stems').prop('checked') === true ? 2 : 1 }),
  };
}

function addSpeaker(node: RedNode, container: JQuery, entry: Partial<SpeakerEntry>): void {
  container.addClass('higgs-speaker');
  $('<input>', { type: 'text', class: 'higgs-speaker-name', placeholder: node._('dialogue.speaker') })
    .val(entry.speaker ?? '')
    .appendTo(container);
  const voice = $('<input>', { type: 'text', class: 'higgs-speaker-voice', style: 'width:100%' });
  const type = $('<input>', { type: 'hidden', class: 'higgs-speaker-voice-type' }).val(entry.voiceType ?? 'voice');
  $('<div>', { class: 'higgs-speaker-voice-box' }).append(voice, type).appendTo(container);
  voice.attr('placeholder', sharedText('common.anyVoice')).val(entry.voice ?? '');
  const voices = {
    value: 'voice',
    label: sharedText('common.voice'),
    icon: 'fa fa-microphone',
    autoComplete: searchVoices,
  };
  voice.typedInput({ default: 'voice', typeField: '', types: [voices, ...LOOKED_UP] });
  voice.typedInput('type', entry.voiceType ?? 'voice');
  openAtClick(visibleInput(voice), () => voice.typedInput('type') === 'voice');
  const pan = $('<input>', { type: 'range', class: 'higgs-speaker-pan', min: -1, max: 1, step: 0.1 });
  pan.val(entry.pan ?? 0).appendTo(container);
  pan.attr('title', node._('dialogue.pan')).on('dblclick', () => pan.val(0));
}

/** The list as it stands; entries without a name are not kept. */
function speakers(): SpeakerEntry[] {
  const list: SpeakerEntry[] = [];
  $(LIST)
    .editableList('items')
    .each((_index, item) => {
      const voice = $(item).find('.higgs-speaker-voice');
      const speaker = String($(item).find('.higgs-speaker-name').val()).trim();
      if (speaker === '') return;
      list.push({
        speaker,
        voice: voice.typedInput('value').trim(),
        voiceType: voice.typedInput('type'),
        pan: Number($(item).find('.higgs-speaker-pan').val()),
      });
    });
  return list;
}
