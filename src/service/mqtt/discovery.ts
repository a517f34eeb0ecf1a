/** What Home Assistant is told so that it finds the announcer by itself: device-based MQTT discovery. */
import { ENTITIES, type Entity } from './entities.js';
import type { Topics } from './topics.js';

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
export function discoveryPayload(device: DiscoveredDevice, topics: Topics): object {
  const { id, name, version } = device;
  const component = ({ key, platform, label, icon, state, command, more }: Entity) => ({
    platform,
    unique_id: `${id}_${key}`,
    name: label,
    ...(command === undefined ? {} : { command_topic: topics[command.topic] }),
    ...(state === undefined ? {} : { state_topic: topics[state.topic] }),
    ...more?.(device),
    icon,
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
    components: Object.fromEntries(ENTITIES.map((entity) => [entity.key, component(entity)])),
  };
}
