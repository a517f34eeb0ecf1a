/** The rows that all speaking nodes have. */
import { MESSAGE_PROPERTIES, OUTPUTS, OVERWRITE_RULES, SUBTITLES, SWITCHES } from '../../nodes/common/catalogue.js';
import {
  CALL_RULES,
  PRODUCTION_RULES,
  SAMPLING_RULES,
  SOUND_FORMATS,
  type NumberRule,
} from '../../src/engine/options.js';
import { choiceField, type Form, type FormRow, type Tab, type TypedField, type ValueKind } from './form.js';

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
  {
    kind: 'node',
    name: 'engine',
    icon: 'cogs',
    label: 'common.engine',
    type: 'higgs-engine',
    none: 'common.engineNone',
  },
];

const SCENE: TypedField = {
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
const READING: readonly FormRow[] = [
  LANGUAGE,
  {
    kind: 'switch',
    name: 'asWritten',
    icon: 'quote-left',
    label: 'common.asWritten',
    value: SWITCHES.asWritten,
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

const SPEED: TypedField = numberField('speed', 'tachometer', 'common.speed', PRODUCTION_RULES.speed);

const chime = (name: string, icon: string): TypedField => ({
  kind: 'typed',
  name,
  icon,
  label: `common.${name}`,
  from: ['chime', 'str', ...LOOKED_UP],
  value: '',
  hint: 'common.chimeHint',
});

const OUTPUT_TAB: Tab = {
  id: 'output',
  icon: 'volume-up',
  label: 'common.tabs.output',
  rows: [
    choiceField('output', 'sign-out', 'common.output', OUTPUTS, 'common.outputs'),
    choiceField('format', 'file-audio-o', 'common.format', SOUND_FORMATS, 'common.formats'),
    choiceField('subtitles', 'cc', 'common.subtitles', SUBTITLES, 'common.subtitleFormats'),
    {
      kind: 'node',
      name: 'sounds',
      icon: 'link',
      label: 'common.sounds',
      type: 'higgs-sounds',
      none: 'common.soundsNone',
      when: { field: 'output', is: ['url'] },
    },
    {
      kind: 'typed',
      name: 'filename',
      icon: 'folder-open-o',
      label: 'common.filename',
      from: ['msg', 'str', 'flow', 'global', 'env', 'jsonata'],
      value: MESSAGE_PROPERTIES.filename,
      when: { field: 'output', is: ['file'] },
    },
    { kind: 'tip', text: 'common.filenameTip', when: { field: 'output', is: ['file'] } },
    choiceField('overwrite', 'clone', 'common.overwrite', OVERWRITE_RULES, 'common.overwrites', {
      when: { field: 'output', is: ['file'] },
    }),
    { kind: 'tip', text: 'common.streamTip', when: { field: 'output', is: ['stream'] } },
    numberField('loudness', 'sliders', 'common.loudness', PRODUCTION_RULES.loudnessLufs, {
      hint: 'common.loudnessHint',
    }),
    chime('chimeBefore', 'bell-o'),
    chime('chimeAfter', 'bell'),
  ],
};

const MODEL_TAB: Tab = {
  id: 'model',
  icon: 'flask',
  label: 'common.tabs.model',
  rows: [
    numberField('temperature', 'thermometer-half', 'common.temperature', SAMPLING_RULES.temperature),
    numberField('topP', 'filter', 'common.topP', SAMPLING_RULES.topP),
    numberField('topK', 'sort-amount-desc', 'common.topK', SAMPLING_RULES.topK),
    numberField('seed', 'random', 'common.seed', SAMPLING_RULES.seed, { hint: 'common.seedHint' }),
    {
      kind: 'switch',
      name: 'cache',
      icon: 'archive',
      label: 'common.cache',
      value: SWITCHES.cache,
      hint: 'common.cacheHint',
    },
    numberField('maxSeconds', 'hourglass-end', 'common.maxSeconds', SAMPLING_RULES.maxSeconds, {
      hint: 'common.maxSecondsHint',
    }),
    {
      kind: 'typed',
      name: 'system',
      icon: 'terminal',
      label: 'common.system',
      from: ['str', ...LOOKED_UP],
      value: '',
      hint: 'common.systemHint',
    },
    { kind: 'tip', text: 'common.samplingTip' },
  ],
};

/** What goes before what. The hints say it of speech or of sounds. */
export function queueTab(interruptHint: string, tip: string): Tab {
  return {
    id: 'queue',
    icon: 'list-ol',
    label: 'common.tabs.queue',
    rows: [
      numberField('priority', 'arrow-up', 'common.priority', CALL_RULES.priority, {
        example: String(CALL_RULES.priority.fallback),
      }),
      {
        kind: 'switch',
        name: 'interrupt',
        icon: 'hand-paper-o',
        label: 'common.interrupt',
        value: SWITCHES.interrupt,
        hint: interruptHint,
      },
      { kind: 'tip', text: tip },
    ],
  };
}

/** The Listen button, its sample and what was heard. */
const LISTEN: readonly FormRow[] = [{ kind: 'panel', panel: 'listen' }];

/** The dialog of a node that speaks: what it says, `words`, and what all of them have. */
export function speakingForm(type: string, icon: string, words: readonly FormRow[]): Form {
  const speech = { id: 'speech', icon, label: 'common.tabs.speech', rows: [...words, ...READING, SPEED, SCENE] };
  return {
    type,
    head: HEAD,
    tabs: [speech, OUTPUT_TAB, MODEL_TAB, queueTab('common.interruptHint', 'common.queueTip')],
    foot: LISTEN,
  };
}
