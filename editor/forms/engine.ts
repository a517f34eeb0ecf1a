import { ENGINE_RULES, type NumberRule } from '../../src/engine/options.js';
import type { ChoiceField, Form, PlainField } from './form.js';

function number(name: string, icon: string, label: string, rule: NumberRule, hint: string): PlainField {
  return { kind: 'plain', name, icon, label, value: '', rule, hint };
}

const MODEL: ChoiceField = {
  kind: 'choice',
  name: 'model',
  icon: 'cube',
  label: 'engine.model',
  value: 'embedded',
  choices: { embedded: 'engine.models.embedded', folder: 'engine.models.folder', hub: 'engine.models.hub' },
};

export const ENGINE: Form = {
  type: 'higgs-engine',
  config: true,
  head: [{ kind: 'plain', name: 'name', icon: 'tag', label: 'common.name', value: '', hint: 'common.name' }],
  tabs: [
    {
      id: 'model',
      icon: 'cube',
      label: 'engine.model',
      rows: [
        MODEL,
        {
          kind: 'plain',
          name: 'modelFolder',
          icon: 'folder-open',
          label: 'engine.modelFolder',
          value: '',
          example: '/models/higgs-audio-v2-generation-3B-base',
          needed: true,
          when: { field: 'model', is: ['folder'] },
        },
        {
          kind: 'plain',
          name: 'codecFolder',
          icon: 'folder-open-o',
          label: 'engine.codecFolder',
          value: '',
          example: '/models/higgs-audio-v2-tokenizer',
          when: { field: 'model', is: ['folder'] },
        },
        { kind: 'tip', text: 'engine.folderTip', when: { field: 'model', is: ['folder'] } },
        {
          kind: 'plain',
          name: 'modelRepo',
          icon: 'cloud-download',
          label: 'engine.modelRepo',
          value: 'bosonai/higgs-audio-v2-generation-3B-base',
          needed: true,
          when: { field: 'model', is: ['hub'] },
        },
        {
          kind: 'plain',
          name: 'codecRepo',
          icon: 'cloud-download',
          label: 'engine.codecRepo',
          value: 'bosonai/higgs-audio-v2-tokenizer',
          needed: true,
          when: { field: 'model', is: ['hub'] },
        },
        { kind: 'panel', panel: 'hub', when: { field: 'model', is: ['hub'] } },
      ],
    },
    {
      id: 'device',
      icon: 'microchip',
      label: 'engine.tabs.device',
      rows: [
        {
          kind: 'choice',
          name: 'device',
          icon: 'microchip',
          label: 'engine.device',
          value: 'auto',
          choices: {
            auto: 'engine.devices.auto',
            cpu: 'engine.devices.cpu',
            cuda: 'engine.devices.cuda',
            webgpu: 'engine.devices.webgpu',
            dml: 'engine.devices.dml',
            coreml: 'engine.devices.coreml',
            wasm: 'engine.devices.wasm',
          },
        },
        {
          kind: 'choice',
          name: 'bits',
          icon: 'compress',
          label: 'engine.bits',
          value: 'auto',
          choices: {
            auto: 'engine.bitsOf.auto',
            '32': 'engine.bitsOf.32',
            '8': 'engine.bitsOf.8',
            '4': 'engine.bitsOf.4',
          },
        },
        number('threads', 'tasks', 'engine.threads', ENGINE_RULES.threads, 'engine.threadsHint'),
      ],
    },
    {
      id: 'remote',
      icon: 'server',
      label: 'engine.tabs.remote',
      rows: [
        {
          kind: 'plain',
          name: 'remoteUrls',
          icon: 'sitemap',
          label: 'engine.remoteUrls',
          value: '',
          hint: 'engine.remoteUrlsHint',
        },
        {
          kind: 'choice',
          name: 'remoteApi',
          icon: 'exchange',
          label: 'engine.remoteApi',
          value: 'speech',
          choices: { speech: 'engine.remoteApis.speech', chat: 'engine.remoteApis.chat' },
        },
        {
          kind: 'plain',
          name: 'remoteModel',
          icon: 'cube',
          label: 'engine.remoteModel',
          value: '',
          hint: 'engine.remoteModelHint',
        },
        { kind: 'secret', name: 'remoteKey', icon: 'key', label: 'engine.remoteKey', hint: 'engine.remoteKeyHint' },
        {
          kind: 'switch',
          name: 'remoteFallBack',
          icon: 'life-ring',
          label: 'engine.remoteFallBack',
          value: true,
          hint: 'engine.remoteFallBackHint',
        },
        { kind: 'tip', text: 'engine.remoteTip' },
      ],
    },
    {
      id: 'limits',
      icon: 'sliders',
      label: 'engine.tabs.limits',
      rows: [
        number('idleSeconds', 'clock-o', 'engine.idleSeconds', ENGINE_RULES.idleSeconds, 'engine.idleHint'),
        number('queueLimit', 'list-ol', 'engine.queueLimit', ENGINE_RULES.queueLimit, 'engine.queueHint'),
        number(
          'textLimitCharacters',
          'text-width',
          'engine.textLimit',
          ENGINE_RULES.textLimitCharacters,
          'engine.textLimitHint',
        ),
        {
          kind: 'plain',
          name: 'lexicon',
          icon: 'book',
          label: 'common.lexicon',
          value: '',
          hint: 'common.lexiconHint',
        },
        {
          kind: 'plain',
          name: 'cacheDir',
          icon: 'hdd-o',
          label: 'engine.cacheDir',
          value: '',
          hint: 'engine.cacheHint',
        },
      ],
    },
  ],
};
