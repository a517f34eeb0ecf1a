import { MUSIC_KINDS, MUSIC_MODES, SWITCHES } from '../../nodes/common/catalogue.js';
import { BED_RULES, TRACKS } from '../../src/engine/options.js';
import { choiceField, type Form, type TypedField } from './form.js';
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
        {
          kind: 'switch',
          name: 'on',
          icon: 'power-off',
          label: 'music.on',
          value: SWITCHES.musicOn,
          hint: 'music.onHint',
        },
        {
          kind: 'switch',
          name: 'remember',
          icon: 'bookmark-o',
          label: 'music.remember',
          value: true,
          hint: 'music.rememberHint',
        },
        choiceField('music', 'music', 'music.music', MUSIC_KINDS, 'music.kinds'),
        choiceField('track', 'headphones', 'music.track', TRACKS, 'music.tracks', {
          when: { field: 'music', is: ['track'] },
        }),
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
        choiceField('mode', 'random', 'music.mode', MUSIC_MODES, 'music.modes', { when: RECORDED }),
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
          value: SWITCHES.musicLoop,
          hint: 'music.loopHint',
          when: RECORDED,
        },
      ],
    },
  ],
};
