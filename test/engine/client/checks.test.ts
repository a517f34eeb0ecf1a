import { describe, expect, test } from 'vitest';
import { checkDialogueRequest, checkSpeakRequest } from '../../../src/engine/client/checks.js';
import type { DialogueRequest, SpeakRequest } from '../../../src/engine/requests.js';

const LIMIT = 100;
const CLIP = new Uint8Array(4);

describe('a request to speak', () => {
  test.each<[string, SpeakRequest, string]>([
    ['without a text', { text: ' \n' }, 'HIGGS_TEXT_EMPTY'],
    ['without a text', { text: undefined as never }, 'HIGGS_TEXT_EMPTY'],
    ['over the limit', { text: 'a'.repeat(LIMIT + 1) }, 'HIGGS_TEXT_TOO_LONG'],
    ['with a temperature that is too high', { text: 'Hi.', temperature: 3 }, 'HIGGS_OPTION_INVALID'],
    ['with half a seed', { text: 'Hi.', seed: 0.5 }, 'HIGGS_OPTION_INVALID'],
    ['with a text for a number', { text: 'Hi.', topK: '50' as never }, 'HIGGS_OPTION_INVALID'],
    ['with an unheard-of kind of voice', { text: 'Hi.', voice: { kind: 'sung' } as never }, 'HIGGS_OPTION_INVALID'],
    [
      'with an accent that is not known',
      { text: 'Hi.', voice: { kind: 'clip', clip: CLIP, transcript: 'Hi.', accent: 'scottish' as never } },
      'HIGGS_OPTION_INVALID',
    ],
    [
      'with a clip but no transcript',
      { text: 'Hi.', voice: { kind: 'clip', clip: CLIP, transcript: ' ' } },
      'HIGGS_VOICE_TRANSCRIPT_MISSING',
    ],
    ['with a bed but no clip', { text: 'Hi.', music: { kind: 'bed', clip: '' } }, 'HIGGS_OPTION_INVALID'],
    [
      'with ducking that makes the bed louder',
      { text: 'Hi.', music: { kind: 'bed', clip: CLIP, duckDb: 3 } },
      'HIGGS_OPTION_INVALID',
    ],
  ])('%s is refused with its code', (_what, request, code) => {
    expect(() => checkSpeakRequest(request, LIMIT)).toThrow(expect.objectContaining({ code }));
  });

  test.each<[unknown, string]>([
    [Number.NaN, 'is NaN;'],
    [Infinity, 'is Infinity;'],
    ['high', 'is "high";'],
    [() => 1, 'is undefined;'],
    ['x'.repeat(1e5), 'x…;'],
  ])('with a temperature that is none is told as it was sent', (temperature, says) => {
    const refused = () => checkSpeakRequest({ text: 'Hi.', temperature: temperature as never }, LIMIT);
    expect(refused).toThrow(says);
    expect(refused).toThrow(/^.{1,200}$/);
  });

  test('in any script, at the limit, with everything at the edge of its range passes', () => {
    checkSpeakRequest({ text: '今'.repeat(LIMIT), temperature: 0, topK: 1024, topP: 1, seed: 0xffff_ffff }, LIMIT);
    checkSpeakRequest({ text: '7', voice: { kind: 'any' }, music: { kind: 'model' } }, LIMIT);
  });
});

describe('a dialogue', () => {
  const voices = { Anna: { kind: 'named', name: 'ella' } } as const;
  const lines = [{ speaker: 'Anna', text: 'Hello.' }];

  test.each<[string, DialogueRequest, string]>([
    ['without lines', { lines: [], voices }, 'HIGGS_DIALOGUE_INVALID'],
    ['with an empty line', { lines: [{ speaker: 'Anna', text: '' }], voices }, 'HIGGS_DIALOGUE_INVALID'],
    [
      'whose speaker has no voice but the name of an inherited property',
      { lines: [{ speaker: 'toString', text: 'Hello.' }], voices },
      'HIGGS_DIALOGUE_INVALID',
    ],
    [
      'with lines too long together',
      { lines: Array<(typeof lines)[0]>(20).fill(lines[0]!), voices },
      'HIGGS_TEXT_TOO_LONG',
    ],
    ['with an unheard-of way of turns', { lines, voices, turns: 'both' as never }, 'HIGGS_OPTION_INVALID'],
    ['with too large an overlap', { lines, voices, gapSeconds: -11 }, 'HIGGS_OPTION_INVALID'],
  ])('%s is refused with its code', (_what, request, code) => {
    expect(() => checkDialogueRequest(request, LIMIT)).toThrow(expect.objectContaining({ code }));
  });

  test('with a voice for every speaker passes', () => {
    checkDialogueRequest({ lines, voices, turns: 'by-line', gapSeconds: 0 }, LIMIT);
  });
});
