import { describe, expect, test } from 'vitest';
import { SeenMessages, type Delivery } from '../../../src/service/mqtt/seen-messages.js';

const delivery = (packetId: number | undefined, text: string, dup = false): Delivery => ({
  ...(packetId === undefined ? {} : { packetId }),
  dup,
  topic: 'a/say',
  payload: Buffer.from(text),
});

describe('a message without an id', () => {
  test('that comes again in the session, marked as such, is the same one', () => {
    const seen = new SeenMessages();
    expect(seen.isRedelivery(delivery(7, 'Hello.'))).toBe(false);
    expect(seen.isRedelivery(delivery(7, 'Hello.', true))).toBe(true);
    expect(seen.isRedelivery(delivery(7, 'Hello.', true))).toBe(true);
  });

  test('that was lost on its way the first time is new, although it is marked', () => {
    const seen = new SeenMessages();
    seen.isRedelivery(delivery(7, 'Hello.'));
    expect(seen.isRedelivery(delivery(8, 'Hello.', true))).toBe(false);
    expect(seen.isRedelivery(delivery(7, 'Good bye.', true))).toBe(false);
    expect(seen.isRedelivery({ ...delivery(8, 'Hello.', true), topic: 'a/say/hall' })).toBe(false);
  });

  test('of the same words is another one, where it is not marked', () => {
    const seen = new SeenMessages();
    seen.isRedelivery(delivery(7, 'Hello.'));
    expect(seen.isRedelivery(delivery(8, 'Hello.'))).toBe(false);
    expect(seen.isRedelivery(delivery(7, 'Hello.'))).toBe(false);
  });

  test('is told from those of a session that is gone', () => {
    const seen = new SeenMessages();
    seen.isRedelivery(delivery(7, 'Hello.'));
    seen.sessionLost();
    expect(seen.isRedelivery(delivery(7, 'Hello.', true))).toBe(false);
  });

  test('of QoS 0 never comes again', () => {
    const seen = new SeenMessages();
    expect([1, 2].map(() => seen.isRedelivery(delivery(undefined, 'Hello.')))).toEqual([false, false]);
  });
});

describe('an id', () => {
  test('counts once, in another session too', () => {
    const seen = new SeenMessages();
    expect(seen.isKnown('bell-1')).toBe(false);
    seen.sessionLost();
    expect([seen.isKnown('bell-1'), seen.isKnown('bell-2')]).toEqual([true, false]);
  });

  test('that was refused may come again', () => {
    const seen = new SeenMessages();
    seen.isKnown('bell-1');
    seen.forgetId('bell-1');
    expect(seen.isKnown('bell-1')).toBe(false);
  });
});

test('what was seen lasts over a restart, and does not grow beyond 1000', () => {
  const seen = new SeenMessages();
  for (let index = 0; index < 1500; index++) {
    seen.isKnown(`id-${index}`);
    seen.isRedelivery(delivery(index + 1, `text ${index}`));
  }
  const state = JSON.parse(JSON.stringify(seen.state)) as typeof seen.state;
  expect([state.ids.length, state.deliveries.length]).toEqual([1000, 1000]);
  const again = new SeenMessages(state);
  expect(again.isRedelivery(delivery(1500, 'text 1499', true))).toBe(true);
  expect(again.isRedelivery(delivery(1, 'text 0', true))).toBe(false);
  expect([again.isKnown('id-1499'), again.isKnown('id-0')]).toEqual([true, false]);
});
