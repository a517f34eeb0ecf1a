import { MODELS, SWITCHES } from '../../nodes/common/catalogue.js';
import { CODEC_REPO, LANGUAGE_MODEL_REPO } from '../../src/engine/hub/repo-name.js';
import { DEVICES, ENGINE_RULES, REMOTE_APIS, WEIGHT_BITS, type NumberRule } from '../../src/engine/options.js';
import { choiceField, type Form, type PlainField } from './form.js';

function number(name: string, icon: string, label: string, rule: NumberRule, hint: string): PlainField {
  return { kind: 'plain', name, icon, label, value: '', rule, hint };
}

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
        choiceField('model', 'cube', 'engine.model', MODELS, 'engine.models'),
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
          value: LANGUAGE_MODEL_REPO,
          needed: true,
          when: { field: 'model', is: ['hub'] },
        },
        {
          kind: 'plain',
          name: 'codecRepo',
          icon: 'cloud-download',
          label: 'engine.codecRepo',
          value: CODEC_REPO,
          needed: true,
          when: { field: 'model', is: ['hub'] },
        },
        { kind: 'panel', panel: 'hub', when: { field: 'model', is: ['hub'] } },
        { kind: 'panel', panel: 'sampling' },
      ],
    },
    {
      id: 'device',
      icon: 'microchip',
      label: 'engine.tabs.device',
      rows: [
        choiceField('device', 'microchip', 'engine.device', DEVICES, 'engine.devices'),
        choiceField('bits', 'compress', 'engine.bits', ['auto', ...WEIGHT_BITS], 'engine.bitsOf'),
        choiceField('cacheBits', 'compress', 'engine.cacheBits', ['auto', '32'], 'engine.cacheBitsOf'),
        number(
          'contextPositions',
          'arrows-h',
          'engine.contextPositions',
          ENGINE_RULES.contextPositions,
          'engine.contextPositionsHint',
        ),
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
        choiceField('remoteApi', 'exchange', 'engine.remoteApi', REMOTE_APIS, 'engine.remoteApis'),
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
          value: SWITCHES.remoteFallBack,
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
        number(
          'speechCacheMegabytes',
          'archive',
          'engine.speechCacheMegabytes',
          ENGINE_RULES.speechCacheMegabytes,
          'engine.speechCacheHint',
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
