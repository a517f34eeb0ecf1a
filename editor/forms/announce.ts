import { ANNOUNCE_OUTPUTS, DISCOVERY_PREFIX } from '../../nodes/common/catalogue.js';
import { PRODUCTION_RULES, type NumberRule } from '../../src/engine/options.js';
import { ANNOUNCER_FORMATS } from '../../src/service/mqtt/options.js';
import { ANNOUNCER_RULES } from '../../src/service/mqtt/rules.js';
import { SOUND_HOST_RULES } from '../../src/service/sound-host/options.js';
import { choiceField, type Form, type PlainField, type When } from './form.js';
import { HEAD } from './speaking.js';

const BY_ADDRESS: When = { field: 'output', is: ['url'] };
const plain = (name: string, icon: string, more: Partial<PlainField> = {}): PlainField => ({
  kind: 'plain',
  name,
  icon,
  label: `announce.${name}`,
  value: '',
  ...more,
});
const number = (name: string, icon: string, rule: NumberRule): PlainField =>
  plain(name, icon, { rule, example: String(rule.fallback) });

export const ANNOUNCE: Form = {
  type: 'higgs-announce',
  head: HEAD,
  tabs: [
    {
      id: 'broker',
      icon: 'exchange',
      label: 'announce.tabs.broker',
      rows: [
        { kind: 'node', name: 'broker', icon: 'globe', label: 'announce.broker', type: 'mqtt-broker', needed: true },
        plain('device', 'id-badge', { hint: 'announce.deviceHint' }),
        plain('topic', 'tasks', { hint: 'announce.topicHint' }),
        plain('discoveryPrefix', 'home', { value: DISCOVERY_PREFIX, hint: 'announce.discoveryPrefixHint' }),
        { kind: 'tip', text: 'announce.brokerTip' },
      ],
    },
    {
      id: 'sound',
      icon: 'volume-up',
      label: 'announce.tabs.sound',
      rows: [
        {
          kind: 'typed',
          name: 'voice',
          icon: 'microphone',
          label: 'common.voice',
          from: ['voice'],
          value: '',
          hint: 'common.anyVoice',
        },
        plain('language', 'language', { example: 'en' }),
        {
          kind: 'typed',
          name: 'chimeBefore',
          icon: 'bell-o',
          label: 'common.chimeBefore',
          from: ['chime'],
          value: '',
          hint: 'common.chimeHint',
        },
        plain('loudness', 'volume-down', { rule: PRODUCTION_RULES.loudnessLufs, hint: 'announce.loudnessHint' }),
        choiceField('output', 'sign-out', 'announce.output', ANNOUNCE_OUTPUTS, 'announce.outputs'),
        choiceField('format', 'file-audio-o', 'announce.format', ANNOUNCER_FORMATS, 'announce.formats'),
        {
          kind: 'node',
          name: 'sounds',
          icon: 'link',
          label: 'common.sounds',
          type: 'higgs-sounds',
          none: 'announce.soundsNone',
          when: BY_ADDRESS,
        },
        plain('soundAddress', 'sitemap', { hint: 'announce.soundAddressHint', when: BY_ADDRESS }),
        plain('soundPort', 'plug', { rule: SOUND_HOST_RULES.port, hint: 'announce.soundPortHint', when: BY_ADDRESS }),
        plain('soundUrl', 'link', { hint: 'announce.soundUrlHint', when: BY_ADDRESS }),
      ],
    },
    {
      id: 'quiet',
      icon: 'moon-o',
      label: 'announce.tabs.quiet',
      rows: [
        plain('quietHours', 'moon-o', { example: '22:00-07:00' }),
        number('quietPriority', 'exclamation', ANNOUNCER_RULES.quietPriority),
        number('cooldownSeconds', 'clock-o', ANNOUNCER_RULES.cooldownSeconds),
        number('queueLimit', 'list-ol', ANNOUNCER_RULES.queueLimit),
        { kind: 'tip', text: 'announce.quietTip' },
      ],
    },
  ],
};
