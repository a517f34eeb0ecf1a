import { MESSAGE_PROPERTIES } from '../../nodes/common/catalogue.js';
import type { Form } from './form.js';
import { HEAD, LANGUAGE, LISTEN, LOOKED_UP, MODEL_TAB, OUTPUT_TAB, QUEUE_TAB, SCENE, SPEED } from './speaking.js';

export const SYNTHESIZE: Form = {
  type: 'higgs-synthesize',
  head: HEAD,
  tabs: [
    {
      id: 'speech',
      icon: 'commenting-o',
      label: 'common.tabs.speech',
      rows: [
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
        LANGUAGE,
        SPEED,
        SCENE,
      ],
    },
    OUTPUT_TAB,
    MODEL_TAB,
    QUEUE_TAB,
  ],
  foot: LISTEN,
};
