import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountFor, othersOf, overridesOf, refuseOthers } from '../../../nodes/common/msg-higgs.js';
import type { NodeMessageInFlow } from '../../../nodes/common/node-red.js';

const message = (higgs: unknown) => ({ _msgid: 'm', higgs }) as unknown as NodeMessageInFlow;
const account = { seconds: 1.5, seed: 7, voice: 'a voice', format: 'wav16', marks: [{ index: 0 }], subtitleText: '' };
/** What becomes of msg.higgs on its way through a broker, a file or another process. */
const sentOn = (higgs: object) => JSON.parse(JSON.stringify(higgs)) as Record<string, unknown>;

describe('msg.higgs', () => {
  test.each([[undefined], [null], ['']])('that is %j has no overrides', (higgs) => {
    expect(overridesOf(message(higgs))).toEqual({});
  });

  test.each([['ella'], [7], [['speed']]])('that is %j is refused', (higgs) => {
    expect(() => overridesOf(message(higgs))).toThrow(/msg\.higgs/);
  });

  test('of a node before is an account, none of which counts as an override, however it was sent on', () => {
    for (const higgs of [accountFor(account), sentOn(accountFor(account))])
      expect(overridesOf(message(higgs))).toEqual({});
  });

  test('counts what was changed in an account since, and what was added to it', () => {
    const higgs = { ...sentOn(accountFor(account)), seed: 8, speed: 1.2 };
    expect(overridesOf(message(higgs))).toEqual({ seed: 8, speed: 1.2 });
  });

  test('of a message that no node wrote counts as it is', () => {
    expect(overridesOf(message({ seed: 7, voice: 'a voice' }))).toEqual({ seed: 7, voice: 'a voice' });
  });

  test('passes on what is meant for the nodes behind', () => {
    const overrides = { trim: true, speed: 1.2 };
    const higgs = accountFor({ voice: { name: 'guest' }, report: {} }, othersOf(overrides, ['trim']));
    expect(overridesOf(message(higgs))).toEqual({ speed: 1.2 });
  });

  test('with any overrides gives them back after any account was told', () => {
    const names = fc.constantFrom('seed', 'voice', 'format', 'filename', 'speed', 'text');
    const fields = fc.dictionary(names, fc.oneof(fc.integer(), fc.string()));
    fc.assert(
      fc.property(fields, fields, (told, wanted) => {
        const both = Object.fromEntries(Object.entries(told).filter(([name]) => name !== 'text' && name !== 'speed'));
        const higgs = { ...sentOn(accountFor(both)), ...wanted };
        const expected = Object.entries(wanted).filter(([name, value]) => both[name] !== value);
        expect(overridesOf(message(higgs))).toEqual(Object.fromEntries(expected));
      }),
    );
  });
});

describe('an unknown field', () => {
  const names = ['speed', 'loudness', 'chimeBefore'];

  test.each([
    ['sped', 'msg.higgs.speed'],
    ['Loudness', 'msg.higgs.loudness'],
    ['chimebefor', 'msg.higgs.chimeBefore'],
  ])('"%s" is refused with the one that is near', (typed, near) => {
    const refuse = () => refuseOthers({ [typed]: 1 }, names);
    expect(refuse).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }) as Error);
    expect(refuse).toThrow(near);
  });

  test('that is like none is refused with all that there are', () => {
    expect(() => refuseOthers({ colour: 'red' }, names)).toThrow('it takes: speed, loudness, chimeBefore');
  });
});
