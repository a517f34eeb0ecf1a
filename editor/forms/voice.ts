import { ACCENTS } from '../../src/engine/options.js';
import { FIRST_VOICE, MESSAGE_PROPERTIES, SWITCHES, VOICE_SOURCES } from '../../nodes/common/catalogue.js';
import { choiceField, type Form, type TypedField, type When } from './form.js';
import { HEAD, LOOKED_UP } from './speaking.js';

function text(name: string, icon: string, when: When, more: Partial<TypedField> = {}): TypedField {
  const first = { kind: 'typed', name, icon, label: `voice.${name}`, from: ['str', ...LOOKED_UP], value: '' } as const;
  return { ...first, when, needed: true, ...more };
}

export const VOICE: Form = {
  type: 'higgs-voice',
  head: HEAD,
  tabs: [
    {
      id: 'voice',
      icon: 'user-circle-o',
      label: 'voice.tabs.voice',
      rows: [
        choiceField('source', 'user-circle-o', 'voice.source', VOICE_SOURCES, 'voice.sources'),
        {
          kind: 'plain',
          name: 'voice',
          icon: 'microphone',
          label: 'common.voice',
          value: FIRST_VOICE,
          needed: true,
          when: { field: 'source', is: ['embedded'] },
        },
        text('voiceName', 'id-badge', { field: 'source', is: ['clip', 'described'] }),
        text(
          'clip',
          'file-audio-o',
          { field: 'source', is: ['clip'] },
          {
            from: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
            value: MESSAGE_PROPERTIES.clip,
          },
        ),
        text('transcript', 'quote-left', { field: 'source', is: ['clip'] }, { hint: 'voice.transcriptHint' }),
        choiceField('accent', 'globe', 'voice.accent', ACCENTS, 'voice.accents', {
          when: { field: 'source', is: ['clip'] },
        }),
        text('description', 'pencil', { field: 'source', is: ['described'] }, { example: 'feminine; moderate pitch' }),
        {
          kind: 'switch',
          name: 'trim',
          icon: 'scissors',
          label: 'voice.trim',
          value: SWITCHES.trim,
          hint: 'voice.trimHint',
          when: { field: 'source', is: ['clip'] },
        },
        { kind: 'tip', text: 'voice.clipTip', when: { field: 'source', is: ['clip'] } },
        { kind: 'tip', text: 'voice.descriptionTip', when: { field: 'source', is: ['described'] } },
      ],
    },
    {
      id: 'voices',
      icon: 'address-book-o',
      label: 'voice.tabs.voices',
      rows: [{ kind: 'panel', panel: 'shelf' }],
    },
  ],
};
