import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiErrorOf } from '../../../src/service/http/api-error.js';
import { KeyRing } from '../../../src/service/http/auth.js';
import { Places, RateLimit } from '../../../src/service/http/limits.js';
import { Counter, Histogram } from '../../../src/service/http/metrics.js';
import { checkHttpOptions } from '../../../src/service/http/options.js';
import { findRoute, type Route } from '../../../src/service/http/router.js';
import { readSpeechOrder } from '../../../src/service/http/speech-request.js';
import { HiggsError } from '../../../src/engine/index.js';

describe('the request of a speech', () => {
  test('is what the engine takes, under OpenAI’s names', () => {
    const body = {
      model: 'any',
      input: 'Hello.',
      voice: 'somebody',
      instructions: 'A large hall.',
      response_format: 'pcm',
      stream_format: 'SSE',
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      seed: 7,
      language: 'de',
      as_written: true,
      lexicon: { Tuya: 'too ya' },
      unknown: { to: 'us' },
    };
    expect(readSpeechOrder(body)).toEqual({
      request: {
        text: 'Hello.',
        voice: { kind: 'named', name: 'somebody' },
        scene: 'A large hall.',
        temperature: 0.5,
        topP: 0.9,
        topK: 20,
        seed: 7,
        language: 'de',
        asWritten: true,
        lexicon: { Tuya: 'too ya' },
      },
      format: 'pcm16',
      contentType: 'audio/pcm',
      speed: 1,
      stream: 'sse',
      granularities: [],
      asItComes: true,
    });
  });

  test('takes a voice by its id, MP3 where no format is named, and null for what is left out', () => {
    const order = readSpeechOrder({ input: 'Hello.', voice: { id: 'somebody' }, seed: null, instructions: null });
    expect(order.request).toEqual({ text: 'Hello.', voice: { kind: 'named', name: 'somebody' } });
    expect(order).toMatchObject({ format: 'mp3', contentType: 'audio/mpeg', stream: 'audio' });
  });

  test('lets the instructions describe the voice where none is named', () => {
    const { request } = readSpeechOrder({ input: 'Hello.', instructions: 'feminine; bright' });
    expect(request).toEqual({ text: 'Hello.', voice: { kind: 'described', description: 'feminine; bright' } });
  });

  test.each<[string, Record<string, unknown>]>([
    ['input', {}],
    ['as_written', { input: 'Hello.', as_written: 'yes' }],
    ['lexicon', { input: 'Hello.', lexicon: 'no mark' }],
    ['input', { input: 5 }],
    ['input', { input: ['Hello.'] }],
    ['voice', { input: 'x', voice: 5 }],
    ['voice', { input: 'x', voice: { id: {} } }],
    ['voice', { input: 'x', voice: ['ella'] }],
    ['model', { input: 'x', model: 1 }],
    ['response_format', { input: 'x', response_format: 'vorbis' }],
    ['response_format', { input: 'x', response_format: 'constructor' }],
    ['stream_format', { input: 'x', stream_format: 'both' }],
    ['temperature', { input: 'x', temperature: 'warm' }],
    ['temperature', { input: 'x', temperature: 3 }],
    ['top_k', { input: 'x', top_k: 1.5 }],
    ['top_p', { input: 'x', top_p: 0 }],
    ['seed', { input: 'x', seed: -1 }],
    ['speed', { input: 'x', speed: 9 }],
    ['instructions', { input: 'x', instructions: {} }],
  ])('names the field "%s" where %j has it wrong', (param, body) => {
    let thrown: unknown;
    try {
      readSpeechOrder(body);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ status: 400, param });
    expect((thrown as Error).message.length).toBeLessThan(200);
  });

  test('whatever JSON comes is an order or a 400', () => {
    const field = fc.constantFrom(
      'input',
      'voice',
      'speed',
      'seed',
      'response_format',
      'stream_format',
      'instructions',
    );
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), (body) => {
        try {
          expect(readSpeechOrder(body).request.text).not.toBe('');
        } catch (thrown) {
          expect(thrown).toMatchObject({ status: 400 });
        }
      }),
    );
  });
});

describe('the router', () => {
  const routes: Route[] = [
    { method: 'GET', path: '/v1/models', answer: () => undefined },
    { method: 'GET', path: '/v1/models/', answer: () => undefined },
    { method: 'POST', path: '/v1/audio/speech', answer: () => undefined },
  ];

  test('finds a path, whatever follows its question mark, and a name behind a prefix', () => {
    expect(findRoute(routes, 'GET', '/v1/models?x=1').route).toBe(routes[0]);
    expect(findRoute(routes, 'HEAD', '/v1/models').route).toBe(routes[0]);
    // The base address of some clients ends with a slash, and their paths begin with one.
    for (const url of ['//models', '/v1//models', '//v1/models/']) {
      expect(findRoute(routes, 'GET', url).route).toBe(routes[0]);
    }
    expect(findRoute(routes, 'GET', '/v1/models/tts-1')).toEqual({ route: routes[1], rest: 'tts-1' });
  });

  test.each([
    '/',
    '/v1/models/a/b',
    '/v1/./models',
    '/x/../v1/models',
    '/v1/%6dodels',
    '/V1/models',
    'http://elsewhere/v1/models',
    '/v1/models/../../etc/passwd',
    '/v1/models\\..\\x',
    '*',
    '',
  ])('finds nothing at %s', (url) => {
    expect(() => findRoute(routes, 'GET', url)).toThrow(expect.objectContaining({ status: 404 }));
  });

  test('tells which methods a path takes', () => {
    expect(() => findRoute(routes, 'DELETE', '/v1/models')).toThrow(
      expect.objectContaining({ status: 405, headers: { allow: 'GET' } }),
    );
  });
});

describe('keys', () => {
  const ring = new KeyRing(['one', 'two']);

  test('each key opens, whatever the case of its scheme', () => {
    for (const header of ['Bearer one', 'bearer two', 'Bearer  two ']) expect(() => ring.check(header)).not.toThrow();
    expect(() => new KeyRing([]).check(undefined)).not.toThrow();
  });

  test.each([
    undefined,
    '',
    'one',
    'Basic one',
    'Bearer',
    'Bearer ',
    'Bearer three',
    'Bearer onetwo',
    'Bearer one two',
  ])('%j does not', (header) => {
    expect(() => ring.check(header)).toThrow(expect.objectContaining({ status: 401 }));
  });

  test('what is no key is refused when the server is set up, and not repeated', () => {
    expect(() => checkHttpOptions({ apiKeys: ['good', 'my secret'] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }),
    );
  });
});

describe('limits', () => {
  test('an address may ask as often as the limit at once, then on average, and is told when', () => {
    let nowMs = 0;
    const rate = new RateLimit(60, () => nowMs);
    for (let count = 0; count < 60; count += 1) rate.take('a');
    expect(() => rate.take('a')).toThrow(expect.objectContaining({ status: 429, headers: { 'retry-after': '1' } }));
    rate.take('b');
    nowMs += 1000;
    rate.take('a');
    expect(() => rate.take('a')).toThrow();
  });

  test('never lets more through than the limit and the time allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 5000 })),
        (perMinute, pausesMs) => {
          let nowMs = 0;
          let passed = 0;
          const rate = new RateLimit(perMinute, () => nowMs);
          for (const pauseMs of pausesMs) {
            nowMs += pauseMs;
            try {
              rate.take('a');
              passed += 1;
            } catch {
              // Told to wait.
            }
          }
          expect(passed).toBeLessThanOrEqual(perMinute + (nowMs * perMinute) / 60_000 + 1e-6);
        },
      ),
    );
  });

  test('a place that is given back twice is free once', () => {
    const counts: number[] = [];
    const places = new Places(2, (count) => counts.push(count));
    const [first] = [places.take(), places.take()];
    expect(() => places.take()).toThrow(expect.objectContaining({ status: 429 }));
    first();
    first();
    expect(places.count).toBe(1);
    expect(counts).toEqual([1, 2, 1]);
  });
});

describe('errors', () => {
  test('tell what the client can change, and nothing of this machine', () => {
    const unknown = apiErrorOf(new HiggsError('HIGGS_VOICE_UNKNOWN', 'There is no voice "x"; there are: a, b.'));
    expect(unknown).toMatchObject({ status: 400, param: 'voice' });
    expect(JSON.parse(unknown.body())).toEqual({
      error: {
        message: expect.stringContaining('there are: a, b') as string,
        type: 'invalid_request_error',
        param: 'voice',
        code: 'HIGGS_VOICE_UNKNOWN',
      },
    });
    for (const thrown of [
      new HiggsError('HIGGS_CHECKPOINT_MISSING', 'There is no checkpoint in /home/me/models.'),
      new Error('ENOENT: /home/me/models'),
      'thrown /home/me/models',
    ]) {
      const error = apiErrorOf(thrown);
      expect(error.status).toBe(500);
      expect(error.body()).not.toContain('/home');
    }
    expect(apiErrorOf(new HiggsError('HIGGS_QUEUE_FULL', 'x'))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
    });
    expect(apiErrorOf(new HiggsError('HIGGS_ABORTED', 'x')).status).toBe(503);
    const unreachable = apiErrorOf(new HiggsError('HIGGS_REMOTE_UNREACHABLE', 'http://gpu:8000/v1 does not answer.'));
    expect(unreachable).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(unreachable.body()).not.toContain('gpu');
  });
});

test('metrics are in the text format of Prometheus', () => {
  const counter = new Counter('c_total', 'Count.');
  expect(counter.lines()).toEqual(['# HELP c_total Count.', '# TYPE c_total counter', 'c_total 0']);
  counter.add(1, { route: '/a', status: 200 });
  counter.add(2, { route: '/a', status: 200 });
  expect(counter.lines().at(-1)).toBe('c_total{route="/a",status="200"} 3');
  const histogram = new Histogram('h', 'Spread.', [1, 2]);
  for (const value of [0.5, 1, 1.5, 9]) histogram.observe(value);
  expect(histogram.lines().slice(2)).toEqual([
    'h_bucket{le="1"} 2',
    'h_bucket{le="2"} 3',
    'h_bucket{le="+Inf"} 4',
    'h_sum 12',
    'h_count 4',
  ]);
});
