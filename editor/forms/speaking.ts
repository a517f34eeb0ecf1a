/** The rows that all speaking nodes have. */
import type { FormRow, Tab, TypedField, ValueKind } from './form.js';
import { CALL_RULES, PRODUCTION_RULES, SAMPLING_RULES, type NumberRule } from '../../src/engine/options.js';

export const LOOKED_UP: readonly ValueKind[] = ['msg', 'flow', 'global', 'env', 'jsonata'];

export function numberField(
  name: string,
  icon: string,
  label: string,
  rule: NumberRule,
  more: Partial<TypedField> = {},
): TypedField {
  return { kind: 'typed', name, icon, label, from: ['num', ...LOOKED_UP], value: '', rule, ...more };
}

export const HEAD: readonly FormRow[] = [
  { kind: 'plain', name: 'name', icon: 'tag', label: 'common.name', value: '', hint: 'common.name' },
  { kind: 'node', name: 'engine', icon: 'cogs', label: 'common.engine', type: 'higgs-engine' },
];

export const SCENE: TypedField = {
  kind: 'typed',
  name: 'scene',
  icon: 'picture-o',
  label: 'common.scene',
  from: ['str', ...LOOKED_UP],
  value: '',
  hint: 'common.sceneHint',
};

const LANGUAGE: TypedField = {
  kind: 'typed',
  name: 'language',
  icon: 'globe',
  label: 'common.language',
  from: ['str', ...LOOKED_UP],
  value: '',
  hint: 'common.languageHint',
};

/** How the text becomes words. */
export const READING: readonly FormRow[] = [
  LANGUAGE,
  {
    kind: 'switch',
    name: 'asWritten',
    icon: 'quote-left',
    label: 'common.asWritten',
    value: false,
    hint: 'common.asWrittenHint',
  },
  {
    kind: 'typed',
    name: 'lexicon',
    icon: 'book',
    label: 'common.lexicon',
    from: ['str', 'json', ...LOOKED_UP],
    value: '',
    hint: 'common.lexiconHint',
  },
];

export const SPEED: TypedField = numberField('speed', 'tachometer', 'common.speed', PRODUCTION_RULES.speed);

const chime = (name: string, icon: string): TypedField => ({
  kind: 'typed',
  name,
  icon,
  label: `common.${name}`,
  from: ['chime', 'str', ...LOOKED_UP],
  value: '',
  hint: 'common.chimeHint',
});

export const OUTPUT_TAB: Tab = {
  id: 'output',
  icon: 'volume-up',
  label: 'common.tabs.output',
  rows: [
    {
      kind: 'choice',
      name: 'output',
      icon: 'sign-out',
      label: 'common.output',
      value: 'buffer',
      choices: {
        buffer: 'common.outputs.buffer',
        file: 'common.outputs.file',
        stream: 'common.outputs.stream',
      },
    },
    {
      kind: 'choice',
      name: 'format',
      icon: 'file-audio-o',
      label: 'common.format',
      value: 'wav16',
      choices: {
        wav16: 'common.formats.wav16',
        wav24: 'common.formats.wav24',
        wavFloat: 'common.formats.wavFloat',
        pcm16: 'common.formats.pcm16',
        mp3: 'common.formats.mp3',
        flac: 'common.formats.flac',
      },
    },
    {
      kind: 'typed',
      name: 'filename',
      icon: 'folder-open-o',
      label: 'common.filename',
      from: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
      value: 'filename',
      when: { field: 'output', is: ['file'] },
    },
    { kind: 'tip', text: 'common.filenameTip', when: { field: 'output', is: ['file'] } },
    {
      kind: 'choice',
      name: 'overwrite',
      icon: 'clone',
      label: 'common.overwrite',
      value: 'replace',
      choices: {
        replace: 'common.overwrites.replace',
        number: 'common.overwrites.number',
        keep: 'common.overwrites.keep',
        error: 'common.overwrites.error',
      },
      when: { field: 'output', is: ['file'] },
    },
    { kind: 'tip', text: 'common.streamTip', when: { field: 'output', is: ['stream'] } },
    numberField('loudness', 'sliders', 'common.loudness', PRODUCTION_RULES.loudnessLufs, {
      hint: 'common.loudnessHint',
    }),
    chime('chimeBefore', 'bell-o'),
    chime('chimeAfter', 'bell'),
  ],
};

export const MODEL_TAB: Tab = {
  id: 'model',
  icon: 'flask',
  label: 'common.tabs.model',
  rows: [
    numberField('temperature', 'thermometer-half', 'common.temperature', SAMPLING_RULES.temperature),
    numberField('topP', 'filter', 'common.topP', SAMPLING_RULES.topP),
    numberField('topK', 'sort-amount-desc', 'common.topK', SAMPLING_RULES.topK),
    numberField('seed', 'random', 'common.seed', SAMPLING_RULES.seed, { hint: 'common.seedHint' }),
    numberField('maxSeconds', 'hourglass-end', 'common.maxSeconds', SAMPLING_RULES.maxSeconds, {
      hint: 'common.maxSecondsHint',
    }),
    { kind: 'tip', text: 'common.samplingTip' },
  ],
};

export const QUEUE_TAB: Tab = {
  id: 'queue',
  icon: 'list-ol',
  label: 'common.tabs.queue',
  rows: [
    numberField('priority', 'arrow-up', 'common.priority', CALL_RULES.priority, { example: '0' }),
    {
      kind: 'switch',
      name: 'interrupt',
      icon: 'hand-paper-o',
      label: 'common.interrupt',
      value: false,
      hint: 'common.interruptHint',
    },
    { kind: 'switch', name: 'cache', icon: 'archive', label: 'common.cache', value: true, hint: 'common.cacheHint' },
    { kind: 'tip', text: 'common.queueTip' },
  ],
};

/** The Listen button, its sample and what was heard. */
export const LISTEN: readonly FormRow[] = [{ kind: 'panel', panel: 'listen' }];
