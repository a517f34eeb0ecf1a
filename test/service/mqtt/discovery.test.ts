import { describe, expect, test } from 'vitest';
import { discoveryPayload, discoveryTopic } from '../../../src/service/mqtt/discovery.js';
import { topicsBeneath } from '../../../src/service/mqtt/topics.js';

const topics = topicsBeneath('higgs-tts/hall');
const payload = discoveryPayload({ id: 'hall', name: 'Hall', version: '1.2.3', voices: ['anna', 'ben'] }, topics) as {
  device: Record<string, unknown>;
  origin: Record<string, unknown>;
  availability_topic: string;
  components: Record<string, Record<string, unknown>>;
};

/** What Home Assistant's schema asks of each platform beyond `platform` and `unique_id`. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  notify: ['command_topic'],
  select: ['command_topic', 'options'],
  switch: ['command_topic'],
  number: ['command_topic'],
  sensor: ['state_topic'],
  button: ['command_topic'],
};

describe('what Home Assistant is told', () => {
  test('is where it looks for a device', () => {
    expect(discoveryTopic('homeassistant', 'hall')).toBe('homeassistant/device/hall/config');
  });

  test('has what its schema of a device asks for', () => {
    expect(payload.device).toMatchObject({ identifiers: ['higgs-tts_hall'], name: 'Hall', sw_version: '1.2.3' });
    expect(payload.origin.name).toMatch(/\w/);
    expect(payload.availability_topic).toBe('higgs-tts/hall/availability');
  });

  test.each(Object.entries(payload.components))('has what its schema asks for the entity "%s"', (_, entity) => {
    for (const field of ['platform', 'unique_id', 'name', ...REQUIRED[entity.platform as string]!]) {
      expect(entity[field], field).toBeTruthy();
    }
    for (const topic of [entity.command_topic, entity.state_topic].filter((one) => one !== undefined)) {
      expect(Object.values(topics)).toContain(topic);
    }
  });

  test('is a notify, a select, a switch, a number, two sensors and two buttons, each with an id of its own', () => {
    const entities = Object.values(payload.components);
    expect(entities.map(({ platform }) => platform).sort()).toEqual(
      ['notify', 'select', 'switch', 'number', 'sensor', 'sensor', 'button', 'button'].sort(),
    );
    expect(new Set(entities.map(({ unique_id: id }) => id)).size).toBe(entities.length);
  });

  test('offers the voices there are, and the model’s own choice', () => {
    expect(payload.components.voice!.options).toEqual(['any', 'anna', 'ben']);
  });
});
