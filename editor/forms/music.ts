import { BED_RULES } from '../../src/engine/options.js';
import type { Form, TypedField } from './form.js';
import { HEAD, LOOKED_UP, numberField } from './speaking.js';

const RECORDED = { field: 'music', is: ['bed', 'track'] };
const bed = (name: string, icon: string, rule: keyof typeof BED_RULES): TypedField =>
  numberField(name, icon, `music.${name}`, BED_RULES[rule], {
    when: RECORDED,
    example: String(BED_RULES[rule].fallback),
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
          kind: 'switch',
          name: 'remember',
          icon: 'bookmark-o',
          label: 'music.remember',
          value: true,
          hint: 'music.rememberHint',
        },
        {
          kind: 'choice',
          name: 'music',
          icon: 'music',
          label: 'music.music',
          value: 'model',
          choices: { model: 'music.kinds.model', track: 'music.kinds.track', bed: 'music.kinds.bed' },
        },
        {
          kind: 'choice',
          name: 'track',
          icon: 'headphones',
          label: 'music.track',
          value: 'calm',
          choices: { calm: 'music.tracks.calm', morning: 'music.tracks.morning', news: 'music.tracks.news' },
          when: { field: 'music', is: ['track'] },
        },
        {
          kind: 'typed',
          name: 'bed',
          icon: 'file-audio-o',
          label: 'music.bed',
          from: ['str', ...LOOKED_UP],
          value: '',
          needed: true,
          when: { field: 'music', is: ['bed'] },
        },
        {
          kind: 'choice',
          name: 'mode',
          icon: 'random',
          label: 'music.mode',
          value: 'pass',
          choices: { pass: 'music.modes.pass', mix: 'music.modes.mix' },
          when: RECORDED,
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
        bed('gain', 'volume-down', 'gainDb'),
        bed('duck', 'level-down', 'duckDb'),
        bed('attack', 'angle-double-down', 'attackSeconds'),
        bed('release', 'angle-double-up', 'releaseSeconds'),
        bed('fadeIn', 'sign-in', 'fadeInSeconds'),
        bed('fadeOut', 'sign-out', 'fadeOutSeconds'),
        bed('leadIn', 'step-backward', 'leadInSeconds'),
        bed('tail', 'step-forward', 'tailSeconds'),
        {
          kind: 'switch',
          name: 'loop',
          icon: 'repeat',
          label: 'music.loop',
          value: true,
          hint: 'music.loopHint',
          when: RECORDED,
        },
      ],
    },
  ],
};
