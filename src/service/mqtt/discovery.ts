/** What Home Assistant is told so that it finds the announcer by itself: device-based MQTT discovery. */
import type { Topics } from './topics.js';

/** What the select of voices offers for "the model picks one". */
export const ANY_VOICE = 'any';

export interface DiscoveredDevice {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly voices: readonly string[];
}

export function discoveryTopic(prefix: string, id: string): string {
  return `${prefix}/device/${id}/config`;
}

/** `unique_id`s and the device's identifier come from the id, so that a renamed announcer stays the same device. */
export function discoveryPayload({ id, name, version, voices }: DiscoveredDevice, topics: Topics): object {
  const entity = (platform: string, key: string, label: string, more: object) => ({
    [key]: { platform, unique_id: `${id}_${key}`, name: label, ...more },
  });
  return {
    device: {
      identifiers: [`higgs-tts_${id}`],
      name,
      manufacturer: 'higgs-tts',
      model: 'Announcer',
      sw_version: version,
    },
    origin: { name: '@higgs-tts/node-red', sw_version: version },
    availability_topic: topics.availability,
    qos: 1,
    components: {
      ...entity('notify', 'say', 'Say', { command_topic: topics.say, icon: 'mdi:bullhorn' }),
      ...entity('select', 'voice', 'Voice', {
        command_topic: topics.voiceSet,
        state_topic: topics.voice,
        options: [ANY_VOICE, ...voices],
        icon: 'mdi:account-voice',
      }),
      ...entity('switch', 'music', 'Music', {
        command_topic: topics.musicSet,
        state_topic: topics.music,
        payload_on: 'ON',
        payload_off: 'OFF',
        icon: 'mdi:music',
      }),
      ...entity('number', 'volume', 'Volume', {
        command_topic: topics.volumeSet,
        state_topic: topics.volume,
        min: 0,
        max: 100,
        step: 1,
        unit_of_measurement: '%',
        icon: 'mdi:volume-high',
      }),
      ...entity('sensor', 'queue', 'Waiting', {
        state_topic: topics.queue,
        state_class: 'measurement',
        icon: 'mdi:tray-full',
      }),
      ...entity('sensor', 'state', 'State', { state_topic: topics.state, icon: 'mdi:account-voice' }),
      ...entity('button', 'stop', 'Stop', { command_topic: topics.control, payload_press: 'stop', icon: 'mdi:stop' }),
      ...entity('button', 'clear', 'Clear', {
        command_topic: topics.control,
        payload_press: 'clear',
        icon: 'mdi:tray-remove',
      }),
    },
  };
}
