import { describe, expect, it } from 'vitest';
import { changeStress, stressWeight } from '../../../src/engine/pronunciation/stress.js';

describe('changing the stress of a word', () => {
  it.each([
    [undefined, 'kəmpjˈuTəɹ', 'kəmpjˈuTəɹ'],
    ['none', 'fˈɔtəɡɹˌæf', 'fɔtəɡɹæf'],
    ['less', 'fˈɔtəɡɹˌæf', 'fˌɔtəɡɹæf'],
    ['less', 'fˌɔtəɡɹæf', 'fˌɔtəɡɹæf'],
    ['secondary', 'fˈɔtə', 'fˌɔtə'],
    ['secondary', 'ðæt', 'ðˌæt'],
    ['atLeastSecondary', 'wi', 'wˌi'],
    ['atLeastSecondary', 'wˈi', 'wˈi'],
    ['atLeastPrimary', 'wi', 'wˈi'],
    ['atLeastPrimary', 'wˌi', 'wˈi'],
    ['atLeastPrimary', 'pst', 'pst'],
  ] as const)('to %s makes %s %s', (change, phones, wanted) => {
    expect(changeStress(phones, change)).toBe(wanted);
  });

  it('counts diphthongs and affricates twice', () => {
    expect(stressWeight('ʧˈAn')).toBe(6);
  });
});
