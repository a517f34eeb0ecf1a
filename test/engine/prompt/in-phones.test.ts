import { describe, expect, it } from 'vitest';
import { composeConversation, inPhones, type PromptVoice } from '../../../src/engine/prompt/index.js';
import { openShipped } from '../pronunciation/kit.js';

const clip = (accent: 'american' | 'british' | undefined): PromptVoice<string> => ({
  kind: 'cloned',
  transcript: 'Hello there.',
  frames: 'clip',
  accent,
});

describe('a request for a model that reads phones', () => {
  it('has its text in American where the voice says nothing else', async () => {
    const pronunciation = await openShipped();
    expect(inPhones({ text: 'The phone is on.' }, pronunciation).text).toBe('ðə fˈOn ɪz ˌɔn.');
  });

  it('has text, transcript and earlier turns in the accent of its voice', async () => {
    const pronunciation = await openShipped();
    const request = {
      text: 'The phone.',
      voices: [clip('british')],
      context: [{ text: 'My car.', frames: 'earlier' }],
    };
    const read = inPhones(request, pronunciation);
    expect(read.text).toBe('ðə fˈQn.');
    expect(read.voices).toEqual([{ ...clip('british'), transcript: 'həlˈQ ðˈɛː.' }]);
    expect(read.context).toEqual([{ text: 'mˌI kˈɑː.', frames: 'earlier' }]);
  });

  it('follows a description that says British, which stays as it is', async () => {
    const pronunciation = await openShipped();
    const voice = { kind: 'described', description: 'feminine, British' } as const;
    const read = inPhones({ text: 'The phone.', voices: [voice] }, pronunciation);
    expect(read.text).toBe('ðə fˈQn.');
    expect(read.voices).toEqual([voice]);
  });

  it('changes the accent with the speaker', async () => {
    const pronunciation = await openShipped();
    const text = '[SPEAKER0] A phone. [SPEAKER1] A phone.';
    const read = inPhones({ text, voices: [clip('american'), clip('british')] }, pronunciation);
    expect(read.text).toBe('[SPEAKER0] ɐ fˈOn. [SPEAKER1] ɐ fˈQn.');
  });

  it('keeps sound tags, with one blank beside them', async () => {
    const pronunciation = await openShipped();
    const text = '<SE_s>[Music]</SE_s> A phone. <SE_e>[Music]</SE_e>';
    expect(inPhones({ text }, pronunciation).text).toBe('<SE_s>[Music]</SE_s> ɐ fˈOn. <SE_e>[Music]</SE_e>');
  });

  it('leaves what the template says as it is', async () => {
    const pronunciation = await openShipped();
    const request = { text: 'A phone.', voices: [clip(undefined)] };
    const words = composeConversation(request).map(({ role }) => role);
    const read = composeConversation(inPhones(request, pronunciation));
    expect(read.map(({ role }) => role)).toEqual(words);
    expect(read.filter(({ role }) => role === 'system' || role === 'scene')).toEqual(
      composeConversation(request).filter(({ role }) => role === 'system' || role === 'scene'),
    );
  });
});
