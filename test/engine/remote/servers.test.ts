import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkRemoteOptions, Servers, type RemoteQuestion } from '../../../src/engine/remote/index.js';
import type { RemoteApiName, RemoteOptions } from '../../../src/engine/options.js';
import { encodeWav } from '../../../src/engine/sound/index.js';
import { MODEL, SPEECH, SpeechServer, type Manner } from './speech-server.js';

const QUESTION: RemoteQuestion = { text: 'Dinner is ready.', voices: [{ kind: 'any' }], seed: 7, maxFrames: 250 };
const CLIP = { kind: 'cloned', transcript: 'Hello there.', wav: encodeWav(new Float32Array(36_000)) } as const;
const CLIP_IN_BASE64 = Buffer.from(CLIP.wav).toString('base64');

let first: SpeechServer;
let second: SpeechServer;
beforeEach(async () => {
  first = await new SpeechServer().start();
  second = await new SpeechServer().start();
});
afterEach(async () => {
  await first.stop();
  await second.stop();
});

function serversAt(urls: readonly string[], options: Partial<RemoteOptions> = {}): Servers {
  return new Servers(checkRemoteOptions({ urls, silenceSeconds: 1, ...options }));
}

async function speak(servers: Servers, question = QUESTION, signal = new AbortController().signal) {
  const samples: number[] = [];
  const answer = servers.ask(question, { signal });
  for (;;) {
    const step = await answer.next();
    if (step.done === true) return { samples, stop: step.value };
    samples.push(...step.value);
  }
}

describe.each(['speech', 'chat'] as const)('a server with the form "%s"', (api: RemoteApiName) => {
  test.each(['well', 'in odd pieces', 'as a WAV file'] as const)('that answers %s is heard exactly', async (manner) => {
    first.manner = manner;
    const { samples, stop } = await speak(serversAt([first.url], { api }));
    expect(samples).toEqual([...SPEECH]);
    expect(stop).toBe('ended');
  });

  const silent: Manner[] = [
    'silent at first',
    'cut before speech',
    'empty',
    'busy',
    'broken',
    'a web page',
    'sent elsewhere',
    'wrong key',
  ];
  test.each(silent)('that is %s is replaced by another one before anyone notices', async (manner) => {
    first.manner = manner;
    const { samples } = await speak(serversAt([first.url, second.url], { api }));
    expect(samples).toEqual([...SPEECH]);
    expect(first.spoken).toHaveLength(1);
    expect(second.spoken).toHaveLength(1);
  });

  test.each(silent)('that is %s and the only one is HIGGS_REMOTE_UNREACHABLE', async (manner) => {
    first.manner = manner;
    await expect(speak(serversAt([first.url], { api }))).rejects.toMatchObject({ code: 'HIGGS_REMOTE_UNREACHABLE' });
  });

  const heard: Manner[] = ['silent in mid-speech', 'cut in mid-speech', 'half a sample'];
  test.each(heard)('that is %s fails the request: what was heard cannot be taken back', async (manner) => {
    first.manner = manner;
    await expect(speak(serversAt([first.url, second.url], { api }))).rejects.toMatchObject({
      code: 'HIGGS_REMOTE_FAILED',
    });
    expect(second.spoken).toHaveLength(0);
  });

  test('that refuses a request is not replaced: no other would take it', async () => {
    first.manner = 'wrong request';
    const refused = expect(speak(serversAt([first.url, second.url], { api }))).rejects;
    await refused.toMatchObject({ code: 'HIGGS_REMOTE_REFUSED' });
    await refused.toThrow(/does not support \[SPEAKERn\] tags/u);
    expect(second.spoken).toHaveLength(0);
  });

  test('gets its key, and no other address does', async () => {
    first.manner = 'sent elsewhere';
    await speak(serversAt([first.url, second.url], { api, key: 'secret-key' }));
    expect(first.spoken[0]!.headers.authorization).toBe('Bearer secret-key');
    expect(second.spoken[0]!.headers.authorization).toBe('Bearer secret-key');
  });

  test('that a stop reaches is let go at once', async () => {
    first.manner = 'silent in mid-speech';
    const stop = new AbortController();
    const answer = serversAt([first.url], { api, silenceSeconds: 60 }).ask(QUESTION, { signal: stop.signal });
    await answer.next();
    expect(first.open).toBe(1);
    stop.abort();
    await expect(answer.next()).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    await expect.poll(() => first.open).toBe(0);
  });
});

describe('a stream of events', () => {
  test('that tells of an error has failed', async () => {
    first.manner = 'error in the stream';
    await expect(speak(serversAt([first.url], { api: 'chat' }))).rejects.toMatchObject({ code: 'HIGGS_REMOTE_FAILED' });
  });
});

describe('several servers', () => {
  test('share requests by how busy they are', async () => {
    first.delayMs = second.delayMs = 200;
    const servers = serversAt([first.url, second.url]);
    await Promise.all(Array.from({ length: 8 }, () => speak(servers)));
    expect(first.spoken).toHaveLength(4);
    expect(second.spoken).toHaveLength(4);
  });

  test('one of which is gone: it is asked once, then left alone', async () => {
    const gone = await new SpeechServer().start();
    const servers = serversAt([gone.url, second.url]);
    await gone.stop();
    for (let i = 0; i < 5; i++) await speak(servers);
    expect(second.spoken).toHaveLength(5);
  });

  test('that all fail say what each did', async () => {
    first.manner = 'broken';
    second.manner = 'busy';
    const failed = expect(speak(serversAt([first.url, second.url]))).rejects;
    await failed.toThrow(/answered 500.*answered 429.*too many requests/u);
  });

  test('each of which has as much as it can do let the others wait, first come, first served', async () => {
    first.owner = second.owner = 'vllm';
    first.delayMs = second.delayMs = 50;
    const servers = serversAt([first.url, second.url]);
    const ends: number[] = [];
    const ask = async (number: number) => {
      await speak(servers, { ...QUESTION, text: `Dinner is ready, number ${number}.` });
      ends.push(number);
    };
    await Promise.all(Array.from({ length: 6 }, (_, number) => ask(number)));
    expect([first.mostOpen, second.mostOpen]).toEqual([1, 1]);
    expect(ends).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a request that waits for one of which can be stopped', async () => {
    first.owner = 'vllm';
    first.manner = 'silent at first';
    const servers = serversAt([first.url], { silenceSeconds: 60 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const rejected = [running, waiting].map(async ({ signal }) =>
      expect(speak(servers, QUESTION, signal)).rejects.toMatchObject({ code: 'HIGGS_ABORTED' }),
    );
    await expect.poll(() => first.open).toBe(1);
    waiting.abort();
    await rejected[1];
    expect(first.spoken).toHaveLength(1);
    running.abort();
    await rejected[0];
  });

  test('one of which was in trouble: it is looked at once it has rested, and speaks again', async () => {
    let skippedMs = 0;
    const real = performance.now.bind(performance);
    const now = vi.spyOn(performance, 'now').mockImplementation(() => real() + skippedMs);
    try {
      const servers = serversAt([first.url, second.url]);
      first.manner = 'broken';
      await speak(servers);
      first.manner = 'well';
      for (let i = 0; i < 3; i++) await speak(servers);
      expect([first.spoken.length, second.spoken.length]).toEqual([1, 4]);
      skippedMs = 3000;
      // This request finds it rested and has it looked at; a later one is for it again.
      await speak(servers);
      await expect.poll(() => first.seen.filter(({ path }) => path === '/v1/models').length).toBe(2);
      first.delayMs = second.delayMs = 100;
      await Promise.all(Array.from({ length: 4 }, () => speak(servers)));
      expect(first.spoken.length).toBeGreaterThan(1);
    } finally {
      now.mockRestore();
    }
  });

  test('that are resting are asked all the same where there is nobody else', async () => {
    first.manner = 'busy';
    const servers = serversAt([first.url]);
    await expect(speak(servers)).rejects.toMatchObject({ code: 'HIGGS_REMOTE_UNREACHABLE' });
    first.manner = 'well';
    expect((await speak(servers)).samples).toEqual([...SPEECH]);
  });
});

describe('what is sent', () => {
  const bodyOf = async (
    api: RemoteApiName,
    question: Partial<RemoteQuestion>,
    options: Partial<RemoteOptions> = {},
  ) => {
    await speak(serversAt([first.url], { api, ...options }), { ...QUESTION, ...question });
    return first.spoken.at(-1)!;
  };

  test('to a speech endpoint is OpenAI’s request with the clip as a reference', async () => {
    const { path, body } = await bodyOf('speech', { voices: [CLIP], temperature: 0.3, topK: 50, topP: 0.95 });
    expect(path).toBe('/v1/audio/speech');
    expect(body).toEqual({
      model: MODEL,
      input: 'Dinner is ready.',
      references: [{ audio_path: `data:audio/wav;base64,${CLIP_IN_BASE64}`, text: 'Hello there.' }],
      response_format: 'pcm',
      stream: true,
      stream_format: 'audio',
      seed: 7,
      // The frames, one step for each of eight codebooks, and those that open and close them.
      max_new_tokens: 260,
      temperature: 0.3,
      top_k: 50,
      top_p: 0.95,
      extra_params: { temperature: 0.3, top_k: 50, top_p: 0.95 },
    });
  });

  test('to a chat endpoint is the conversation that the model knows, the clip as an assistant’s turn', async () => {
    const { path, body } = await bodyOf('chat', { voices: [CLIP] }, { model: 'mine' });
    expect(path).toBe('/v1/chat/completions');
    expect(body).toMatchObject({ model: 'mine', modalities: ['text', 'audio'], stream: true, seed: 7 });
    expect(body['messages']).toEqual([
      {
        role: 'system',
        content:
          'Generate audio following instruction.\n\n<|scene_desc_start|>\nAudio is recorded from a quiet room.\n<|scene_desc_end|>',
      },
      { role: 'user', content: 'Hello there.' },
      { role: 'assistant', content: [{ type: 'input_audio', input_audio: { data: CLIP_IN_BASE64, format: 'wav' } }] },
      { role: 'user', content: 'Dinner is ready.' },
    ]);
  });

  test('for described speakers is a scene with a line for each', async () => {
    const voices = [
      { kind: 'described', description: 'feminine' },
      { kind: 'described', description: 'masculine; low pitch' },
    ] as const;
    const { body } = await bodyOf('chat', { text: '[SPEAKER0] Hello. [SPEAKER1] Hi.', voices, scene: 'A kitchen.' });
    expect((body['messages'] as { content: string }[])[0]!.content).toBe(
      'Generate audio following instruction.\n\n<|scene_desc_start|>\nA kitchen.\n\nSPEAKER0: feminine\nSPEAKER1: masculine; low pitch\n<|scene_desc_end|>',
    );
  });

  test.each([
    ['a scene', { scene: 'A kitchen.' }],
    ['a described voice', { voices: [{ kind: 'described', description: 'feminine' }] }],
    ['several speakers', { voices: [CLIP, CLIP] }],
    ['a system text', { system: 'Sing.' }],
    ['music', { withMusic: true }],
  ] as const)('is never %s to a speech endpoint, which would ignore it', async (_what, question) => {
    await expect(bodyOf('speech', question)).rejects.toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    expect(first.spoken).toHaveLength(0);
  });
});

describe('a server of this package', () => {
  beforeEach(() => {
    first.owner = 'higgs-tts';
    first.voices = ['ella'];
  });

  const bodyFor = async (question: Partial<RemoteQuestion>) => {
    await speak(serversAt([first.url]), { ...QUESTION, ...question });
    return first.spoken.at(-1)!.body;
  };

  test('speaks with an embedded voice by its name, where it has it, and by its clip where it has not', async () => {
    const known = await bodyFor({ voices: [{ ...CLIP, embedded: 'ella' }], scene: 'A hall.' });
    expect(known).toMatchObject({ voice: 'ella', instructions: 'A hall.', as_written: true });
    expect(known).not.toHaveProperty('references');
    const unknown = await bodyFor({ voices: [{ ...CLIP, embedded: 'oda' }] });
    expect(unknown).not.toHaveProperty('voice');
    expect(unknown).toHaveProperty('references');
  });

  test('has a voice described to it', async () => {
    const body = await bodyFor({ voices: [{ kind: 'described', description: 'feminine' }] });
    expect(body).toMatchObject({ instructions: 'feminine' });
  });

  test('is told of a limit that the caller set, and of no other', async () => {
    expect(await bodyFor({})).not.toHaveProperty('max_new_tokens');
    expect(await bodyFor({ hasOwnLimit: true, maxFrames: 50 })).toMatchObject({ max_new_tokens: 60 });
  });
});
