/** What Home Assistant sees of an announcer: one table for discovery, states, commands and subscriptions. */
import { ANNOUNCER_RULES } from './rules.js';
import { ANY_VOICE, type SettingName, type Settings } from './settings.js';
import type { TopicName } from './topics.js';

/** What the states are made of. */
export interface AnnouncerFacts {
  readonly settings: Settings;
  readonly voices: readonly string[];
  readonly waiting: number;
  readonly isSpeaking: boolean;
}

export interface Entity {
  /** Part of its `unique_id`: never to be changed. */
  readonly key: string;
  readonly platform: 'notify' | 'select' | 'switch' | 'number' | 'sensor' | 'button';
  readonly label: string;
  readonly icon: string;
  /** Told, retained, when it changes. */
  readonly state?: { readonly topic: TopicName; of(facts: AnnouncerFacts): string };
  /** Where it is told what to do; `setting`: which one is made of the text that comes there. */
  readonly command?: { readonly topic: TopicName; readonly setting?: SettingName };
  /** What else its platform's schema has. */
  readonly more?: (facts: Pick<AnnouncerFacts, 'voices'>) => object;
}

export const ENTITIES: readonly Entity[] = [
  { key: 'say', platform: 'notify', label: 'Say', icon: 'mdi:bullhorn', command: { topic: 'say' } },
  {
    key: 'voice',
    platform: 'select',
    label: 'Voice',
    icon: 'mdi:account-voice',
    state: { topic: 'voice', of: ({ settings }) => settings.voice ?? ANY_VOICE },
    command: { topic: 'voiceSet', setting: 'voice' },
    more: ({ voices }) => ({ options: [ANY_VOICE, ...voices] }),
  },
  {
    key: 'music',
    platform: 'switch',
    label: 'Music',
    icon: 'mdi:music',
    state: { topic: 'music', of: ({ settings }) => (settings.music ? 'ON' : 'OFF') },
    command: { topic: 'musicSet', setting: 'music' },
    more: () => ({ payload_on: 'ON', payload_off: 'OFF' }),
  },
  {
    key: 'volume',
    platform: 'number',
    label: 'Volume',
    icon: 'mdi:volume-high',
    state: { topic: 'volume', of: ({ settings }) => String(settings.volume) },
    command: { topic: 'volumeSet', setting: 'volume' },
    more: () => {
      const { min, max, unit } = ANNOUNCER_RULES.volume;
      return { min, max, step: 1, unit_of_measurement: unit };
    },
  },
  {
    key: 'queue',
    platform: 'sensor',
    label: 'Waiting',
    icon: 'mdi:tray-full',
    state: { topic: 'queue', of: ({ waiting }) => String(waiting) },
    more: () => ({ state_class: 'measurement' }),
  },
  {
    key: 'state',
    platform: 'sensor',
    label: 'State',
    icon: 'mdi:account-voice',
    state: { topic: 'state', of: ({ isSpeaking }) => (isSpeaking ? 'speaking' : 'idle') },
  },
  {
    key: 'stop',
    platform: 'button',
    label: 'Stop',
    icon: 'mdi:stop',
    command: { topic: 'control' },
    more: () => ({ payload_press: 'stop' }),
  },
  {
    key: 'clear',
    platform: 'button',
    label: 'Clear',
    icon: 'mdi:tray-remove',
    command: { topic: 'control' },
    more: () => ({ payload_press: 'clear' }),
  },
];

/** The topics that lie at the broker, retained. */
export const RETAINED: readonly TopicName[] = [
  'availability',
  'instance',
  ...ENTITIES.flatMap(({ state }) => (state === undefined ? [] : [state.topic])),
];

/** Which setting is made on which topic. */
export const SETTING_TOPICS: ReadonlyMap<TopicName, SettingName> = new Map(
  ENTITIES.flatMap(({ command }) => (command?.setting === undefined ? [] : [[command.topic, command.setting]])),
);
