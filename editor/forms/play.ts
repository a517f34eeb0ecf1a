import { MESSAGE_PROPERTIES } from '../../nodes/common/catalogue.js';
import { LOUDSPEAKER, PLAYER_RULES, PROGRAM_CHOICES } from '../../src/players/options.js';
import { choiceField, type Form } from './form.js';
import { HEAD, LOOKED_UP, numberField, queueTab } from './speaking.js';

export const PLAY: Form = {
  type: 'higgs-play',
  head: HEAD.slice(0, 1),
  tabs: [
    {
      id: 'player',
      icon: 'volume-up',
      label: 'play.player',
      rows: [
        {
          kind: 'typed',
          name: 'player',
          icon: 'volume-up',
          label: 'play.player',
          from: ['player', ...LOOKED_UP],
          value: LOUDSPEAKER,
          hint: 'play.playerHint',
        },
        numberField('volume', 'volume-down', 'play.volume', PLAYER_RULES.volume, { hint: 'play.volumeHint' }),
        { kind: 'panel', panel: 'players' },
      ],
    },
    {
      id: 'sound',
      icon: 'file-audio-o',
      label: 'play.tabs.sound',
      rows: [
        {
          kind: 'typed',
          name: 'sound',
          icon: 'file-audio-o',
          label: 'play.sound',
          from: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
          value: MESSAGE_PROPERTIES.sound,
        },
        { kind: 'tip', text: 'play.soundTip' },
        choiceField('program', 'terminal', 'play.program', PROGRAM_CHOICES, 'play.programs'),
        { kind: 'plain', name: 'device', icon: 'headphones', label: 'play.device', value: '', hint: 'play.deviceHint' },
        {
          kind: 'node',
          name: 'sounds',
          icon: 'link',
          label: 'play.sounds',
          type: 'higgs-sounds',
          none: 'play.soundsNone',
        },
      ],
    },
    queueTab('play.interruptHint', 'play.queueTip'),
  ],
  foot: [{ kind: 'panel', panel: 'try' }],
};
