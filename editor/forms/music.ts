import { BED_RULES } from '../../src/engine/options.js';
import type { Form, TypedField } from './form.js';
import { HEAD, LOOKED_UP, numberField } from './speaking.js';

const BED = { field: 'music', is: ['bed'] };
const bed = (name: keyof typeof BED_RULES, icon: string): TypedField =>
  numberField(name, icon, `music.${name}`, BED_RULES[name], {
    when: BED,
    example: String(BED_RULES[name].fallback),
  });

export const MUSIC: Form = {
  type: 'higgs-music',
  head: HEAD.slice(0, 1),
  tabs: [
    {
      id: 'music',
      icon: 'music',
      label: 'music.music',
      rows: [
        { kind: 'switch', name: 'on', icon: 'power-off', label: 'music.on', value: true, hint: 'music.onHint' },
        {
          kind: 'choice',
          name: 'music',
          icon: 'music',
          label: 'music.music',
          value: 'model',
          choices: { model: 'music.kinds.model', bed: 'music.kinds.bed' },
        },
        {
          kind: 'typed',
          name: 'bed',
          icon: 'file-audio-o',
          label: 'music.bed',
          from: ['str', ...LOOKED_UP],
          value: '',
          needed: true,
          when: BED,
        },
        { kind: 'tip', text: 'music.tip' },
      ],
    },
    {
      id: 'mix',
      icon: 'sliders',
      label: 'music.tabs.mix',
      rows: [
        { kind: 'tip', text: 'music.mixTip', when: { field: 'music', is: ['model'] } },
        bed('gainDb', 'volume-down'),
        bed('duckDb', 'level-down'),
        bed('fadeInSeconds', 'sign-in'),
        bed('fadeOutSeconds', 'sign-out'),
        bed('leadInSeconds', 'step-backward'),
        bed('tailSeconds', 'step-forward'),
        {
          kind: 'switch',
          name: 'loop',
          icon: 'repeat',
          label: 'music.loop',
          value: true,
          hint: 'music.loopHint',
          when: BED,
        },
      ],
    },
  ],
};
