import type { Form } from './form.js';
import { HEAD, LISTEN, LOOKED_UP, MODEL_TAB, OUTPUT_TAB, QUEUE_TAB, READING, SCENE, SPEED } from './speaking.js';

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
          value: 'payload',
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
        ...READING,
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
