import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Announcement } from '../../../src/service/mqtt/announcement.js';
import { Cooldown } from '../../../src/service/mqtt/cooldown.js';
import { volumeGain } from '../../../src/engine/production/volume.js';
import { isQuiet, minuteOfDay, parseQuietHours } from '../../../src/service/mqtt/quiet-hours.js';
import { changeSetting, type SettingName } from '../../../src/service/mqtt/settings.js';
import { checkId, topicsBeneath } from '../../../src/service/mqtt/topics.js';
import { afterSpeaking, nextDue, untilDueMs, type WaitingEntry } from '../../../src/service/mqtt/waiting-list.js';

describe('a cooldown', () => {
  test('lets a text through once in its time, whatever the case and the spaces', () => {
    const cooldown = new Cooldown(60);
    expect(cooldown.admits('The door is open.', 0)).toBe(true);
    expect(cooldown.admits(' the door is OPEN. ', 59_999)).toBe(false);
    expect(cooldown.admits('The window is open.', 59_999)).toBe(true);
    expect(cooldown.admits('The door is open.', 60_000)).toBe(true);
  });

  test('is not prolonged by what it holds back', () => {
    const cooldown = new Cooldown(60);
    const admitted = [0, 30, 59, 61, 90, 121].map((second) => cooldown.admits('A', second * 1000));
    expect(admitted).toEqual([true, false, false, true, false, true]);
  });

  test('of 0 seconds holds nothing back', () => {
    const cooldown = new Cooldown(0);
    expect([cooldown.admits('A', 0), cooldown.admits('A', 0)]).toEqual([true, true]);
  });

  test('silences nothing when the clock is set back', () => {
    const cooldown = new Cooldown(60);
    cooldown.admits('A', 1_000_000);
    expect(cooldown.admits('A', 0)).toBe(true);
  });

  test('forgets the oldest in a flood of different texts', () => {
    const cooldown = new Cooldown(60);
    for (let index = 0; index < 1500; index++) cooldown.admits(`text ${index}`, 0);
    expect([cooldown.admits('text 0', 1), cooldown.admits('text 1499', 1)]).toEqual([true, false]);
  });
});

describe('quiet hours', () => {
  const minute = (text: string) => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return hours * 60 + minutes;
  };

  test.each([
    ['22:00-07:00', ['22:00', '23:59', '00:00', '06:59'], ['07:00', '12:00', '21:59']],
    ['13:00-15:00', ['13:00', '14:59'], ['12:59', '15:00', '00:00']],
    [' 0:00 – 24:00 '.replace('0:00', '0:01'), ['00:01', '23:59'], ['00:00']],
    ['20:00-24:00', ['20:00', '23:59'], ['00:00', '19:59']],
  ])('%s hold at %j and not at %j', (text, quiet, loud) => {
    const hours = parseQuietHours(text)!;
    expect(quiet.map((at) => isQuiet(hours, minute(at)))).toEqual(quiet.map(() => true));
    expect(loud.map((at) => isQuiet(hours, minute(at)))).toEqual(loud.map(() => false));
  });

  test.each(['22-7', '25:00-07:00', '22:60-07:00', '22:00-24:01', '22:00', 'nights', '07:00-07:00', '00:00-24:00'])(
    '"%s" is refused',
    (text) => {
      expect(() => parseQuietHours(text)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }) as Error);
    },
  );

  test('are none where nothing is set, and go by the clock on the wall', () => {
    expect(parseQuietHours(' ')).toBeUndefined();
    expect(minuteOfDay(new Date(2026, 0, 1, 22, 5))).toBe(22 * 60 + 5);
  });

  test('hold as long as their length says', () => {
    const at = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(at, at, (fromMinute, toMinute) => {
        fc.pre(fromMinute !== toMinute);
        const minutes = Array.from({ length: 1440 }, (_, index) => index);
        const quiet = minutes.filter((now) => isQuiet({ fromMinute, toMinute }, now));
        expect(quiet.length).toBe((toMinute - fromMinute + 1440) % 1440);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the waiting list', () => {
  const entry = (id: string, more: Partial<Announcement> = {}, dueAtMs = 0): WaitingEntry => ({
    announcement: { id, text: id, priority: 0, ...more },
    dueAtMs,
    spokenCount: 0,
  });
  const order = (entries: WaitingEntry[]): string[] => {
    const next = nextDue(entries, 100);
    return next === undefined ? [] : [next.announcement.id, ...order(entries.filter((other) => other !== next))];
  };

  test('goes by priority, then by what interrupts, then by arrival', () => {
    const entries = [
      entry('first'),
      entry('second'),
      entry('urgent', { priority: 5 }),
      entry('pushy', { interrupt: true }),
      entry('later', {}, 101),
      entry('unimportant', { priority: -5, interrupt: true }),
    ];
    expect(order(entries)).toEqual(['urgent', 'pushy', 'first', 'second', 'unimportant']);
  });

  test('tells how long nothing is due', () => {
    expect(untilDueMs([], 0)).toBeUndefined();
    expect(untilDueMs([entry('a', {}, 500), entry('b', {}, 300)], 100)).toBe(200);
    expect(untilDueMs([entry('a', {}, 50)], 100)).toBe(0);
  });

  test('speaks a repeated announcement as often as it says, each time after its pause', () => {
    let waiting: WaitingEntry | undefined = entry('a', { repeat: { everySeconds: 30, times: 3 } });
    const times: number[] = [];
    for (let nowMs = 1000; waiting !== undefined; nowMs = waiting?.dueAtMs ?? 0) {
      times.push(nowMs);
      waiting = afterSpeaking(waiting, nowMs);
    }
    expect(times).toEqual([1000, 31_000, 61_000]);
    expect(afterSpeaking(entry('once'), 0)).toBeUndefined();
  });
});

describe('topics', () => {
  test.each(['a/+', '#', 'a/#', '+/b', '', 'a//b', '/a', 'a/', '$SYS/a', 'a\u0000b', 'x'.repeat(201)])(
    'beneath %j are refused',
    (base) => {
      expect(() => topicsBeneath(base)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }) as Error);
    },
  );

  test('lie beneath one base, none of them twice', () => {
    const topics: readonly string[] = Object.values({ ...topicsBeneath('home/voice') });
    expect(topics.every((topic) => topic.startsWith('home/voice/'))).toBe(true);
    expect(new Set(topics).size).toBe(topics.length);
  });

  test.each(['', 'a b', 'a/b', '+', '../x', 'é', 'x'.repeat(65)])('the id %j is refused', (id) => {
    expect(() => checkId(id)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }) as Error);
  });
});

describe('a setting', () => {
  const settings = { music: false, volume: 100, voice: 'anna' };
  const change = (name: SettingName, text: string) => changeSetting(settings, name, text, ['anna', 'ben']);

  test('is made by what Home Assistant sends', () => {
    expect(change('voice', 'ben')).toEqual({ ...settings, voice: 'ben' });
    expect(change('voice', 'BEN')).toEqual({ ...settings, voice: 'ben' });
    expect(change('voice', 'any')).toEqual({ music: false, volume: 100 });
    expect(change('music', 'ON')).toEqual({ ...settings, music: true });
    expect(change('volume', '35.0')).toEqual({ ...settings, volume: 35 });
  });

  test.each<[SettingName, string, string]>([
    ['voice', 'nobody', 'HIGGS_VOICE_UNKNOWN'],
    ['music', 'maybe', 'HIGGS_OPTION_INVALID'],
    ['volume', 'loud', 'HIGGS_OPTION_INVALID'],
    ['volume', '', 'HIGGS_OPTION_INVALID'],
    ['volume', '-1', 'HIGGS_OPTION_INVALID'],
  ])('%s is refused for %j', (name, text, code) => {
    expect(() => change(name, text)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('the volume', () => {
  test('of 50 % is 10 dB less, of 100 % nothing, of 0 % silence', () => {
    expect(volumeGain(100)).toBe(1);
    expect(20 * Math.log10(volumeGain(50))).toBeCloseTo(-10, 9);
    expect(20 * Math.log10(volumeGain(25))).toBeCloseTo(-20, 9);
    expect(volumeGain(0)).toBe(0);
  });
});
