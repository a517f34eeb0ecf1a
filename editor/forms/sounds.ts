import { SOUND_HOST_RULES } from '../../src/service/sound-host/options.js';
import type { NumberRule } from '../../src/engine/options.js';
import type { Form, PlainField } from './form.js';
import { HEAD } from './speaking.js';

const plain = (name: string, icon: string, more: Partial<PlainField> = {}): PlainField => ({
  kind: 'plain',
  name,
  icon,
  label: `sounds.${name}`,
  value: '',
  ...more,
});
const number = (name: string, icon: string, rule: NumberRule): PlainField =>
  plain(name, icon, { rule, hint: `sounds.${name}Hint` });

export const SOUNDS: Form = {
  type: 'higgs-sounds',
  config: true,
  head: HEAD.slice(0, 1),
  tabs: [
    {
      id: 'address',
      icon: 'link',
      label: 'sounds.tabs.address',
      rows: [
        plain('soundUrl', 'link', { hint: 'sounds.soundUrlHint' }),
        plain('soundAddress', 'sitemap', { hint: 'sounds.soundAddressHint' }),
        number('soundPort', 'plug', SOUND_HOST_RULES.port),
        number('keepSeconds', 'clock-o', SOUND_HOST_RULES.keepSeconds),
        number('megabytes', 'database', SOUND_HOST_RULES.megabytes),
        { kind: 'tip', text: 'sounds.addressTip' },
      ],
    },
    {
      id: 'stored',
      icon: 'bell-o',
      label: 'sounds.tabs.stored',
      rows: [
        { kind: 'tip', text: 'sounds.storedTip' },
        { kind: 'panel', panel: 'sounds' },
      ],
    },
  ],
};
