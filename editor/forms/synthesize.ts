import { MESSAGE_PROPERTIES } from '../../nodes/common/catalogue.js';
import { LOOKED_UP, speakingForm } from './speaking.js';

export const SYNTHESIZE = speakingForm('higgs-synthesize', 'commenting-o', [
  {
    kind: 'typed',
    name: 'text',
    icon: 'commenting-o',
    label: 'synthesize.text',
    from: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
    value: MESSAGE_PROPERTIES.text,
  },
  {
    kind: 'typed',
    name: 'voice',
    icon: 'microphone',
    label: 'common.voice',
    from: ['voice', ...LOOKED_UP],
    value: '',
    hint: 'common.anyVoice',
  },
]);
