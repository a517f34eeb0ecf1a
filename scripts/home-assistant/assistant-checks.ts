/** Voice assistants: the Wyoming server found, its voices, sound in both formats, a pipeline, and many at once. */
import type { Home } from './home.js';
import { SERVER_URL, WYOMING_PORT, type House } from './house.js';
import { expect, type Report } from './report.js';
import { checkSpeech, fetchSound, figures, type Heard } from './sound-check.js';
import { until } from './waiting.js';

const AT_ONCE = 12;

interface ListedVoice {
  readonly voice_id: string;
  readonly name: string;
}

interface PipelineEvent {
  readonly type: string;
  readonly data: {
    readonly tts_output?: { readonly url: string };
    readonly intent_output?: {
      readonly response: {
        readonly response_type: string;
        readonly speech: { readonly plain: { readonly speech: string } };
      };
    };
    readonly code?: string;
    readonly message?: string;
  } | null;
}

/** Has the engine speak as an automation or the media browser does. */
async function speak({ home, root }: House, engine: string, text: string, options: object): Promise<Heard> {
  const asked = { engine_id: engine, message: text, language: 'en', cache: false, options };
  const { url } = await home.post<{ url: string }>('/api/tts_get_url', asked);
  return checkSpeech(root, await fetchSound(url), text);
}

export function engineThere(home: Home): Promise<string> {
  return until('the engine is in the list', async () => {
    const { providers } = await home.socket.call<{ providers: { engine_id: string; supported_languages: string[] }[] }>(
      {
        type: 'tts/engine/list',
      },
    );
    const found = providers.find(
      ({ engine_id: id, supported_languages: tags }) => id.startsWith('tts.') && tags.includes('en'),
    );
    return found !== undefined && (await home.state(found.engine_id)).state !== 'unavailable' && found.engine_id;
  });
}

export async function checkAssistants(report: Report, house: House): Promise<void> {
  const { home } = house;

  await report.check('Wyoming set up by host and port', async () => {
    const entry = await home.setUp('wyoming', [{ host: '127.0.0.1', port: WYOMING_PORT }]);
    const engine = await engineThere(home);
    await home.removeEntry(entry);
    await until('the engine is gone', async () => !(await home.states()).some((state) => state.entity_id === engine));
    return engine;
  });

  await report.check('Wyoming found by zeroconf', async () => {
    const flow = await until('the server is offered', async () => {
      const flows = await home.socket.call<
        { flow_id: string; handler: string; context: { source: string; title_placeholders?: { name?: string } } }[]
      >({ type: 'config_entries/flow/progress' });
      return flows.find(({ handler, context }) => handler === 'wyoming' && context.source === 'zeroconf');
    });
    await home.goThrough(flow, [{}]);
    const engine = await engineThere(home);
    return `${engine}, offered as "${flow.context.title_placeholders?.name ?? ''}"`;
  });

  const engine = await engineThere(home);
  let voices: readonly ListedVoice[] = [];

  await report.check('the voices are listed by their names', async () => {
    const listed = await home.socket.call<{ voices: ListedVoice[] | null }>({
      type: 'tts/engine/voices',
      engine_id: engine,
      language: 'en',
    });
    voices = listed.voices ?? [];
    const served = (await (await fetch(`${SERVER_URL}/v1/audio/voices`)).json()) as { voices: { id: string }[] };
    const own = voices.filter(({ voice_id: id }) => served.voices.some((voice) => voice.id === id));
    expect(voices.length > 1 && own.length === voices.length, `voices: ${JSON.stringify(voices)}`);
    const nameless = voices.filter(({ name, voice_id: id }) => name === '' || name === id);
    expect(nameless.length === 0, `without a name: ${nameless.map(({ voice_id: id }) => id).join(', ')}`);
    return voices.map(({ name, voice_id: id }) => `${id} "${name}"`).join(', ');
  });

  const text = 'The kitchen window is still open.';
  for (const [format, codec] of [
    ['wav', 'pcm_s16le'],
    ['mp3', 'mp3'],
  ] as const) {
    await report.check(`tts_get_url gives ${format.toUpperCase()}`, async () => {
      const heard = await speak(house, engine, text, { preferred_format: format, voice: voices[0]?.voice_id });
      expect(heard.codec === codec, `it is ${heard.codec}`);
      return figures(heard);
    });
  }

  await report.check('a voice that is not there is an error, and nothing hangs', async () => {
    const failure = await speak(house, engine, 'Nobody says this.', { voice: 'nobody' }).then(
      ({ seconds }) => `${seconds} s of sound`,
      () => undefined,
    );
    expect(failure === undefined, `it gave ${failure ?? ''}`);
    return figures(await speak(house, engine, 'But this is said.', {}));
  });

  await report.check('an assist pipeline acts, answers, and speaks', async () => {
    const { id } = await home.socket.call<{ id: string }>({
      type: 'assist_pipeline/pipeline/create',
      name: 'Checks',
      language: 'en',
      conversation_engine: 'conversation.home_assistant',
      conversation_language: 'en',
      stt_engine: null,
      stt_language: null,
      tts_engine: engine,
      tts_language: 'en',
      tts_voice: voices[0]?.voice_id ?? null,
      wake_word_entity: null,
      wake_word_id: null,
    });
    const events: PipelineEvent[] = [];
    const asked = { start_stage: 'intent', end_stage: 'tts', input: { text: 'turn on announcer hall music' } };
    await home.socket.call({ type: 'assist_pipeline/run', pipeline: id, ...asked }, (event) =>
      events.push(event as PipelineEvent),
    );
    await until('the run has ended', () => events.some(({ type }) => type === 'run-end'));
    const error = events.find(({ type }) => type === 'error');
    expect(error === undefined, JSON.stringify(error?.data));
    const { response } = events.find(({ type }) => type === 'intent-end')!.data!.intent_output!;
    expect(response.response_type === 'action_done', JSON.stringify(response));
    await until('the music is on', async () => (await home.state('switch.announcer_hall_music')).state === 'on');
    const answer = response.speech.plain.speech;
    const { url } = events.find(({ type }) => type === 'tts-end')!.data!.tts_output!;
    const heard = checkSpeech(house.root, await fetchSound(home.address(url)), answer);
    await home.act('switch.turn_off', { entity_id: 'switch.announcer_hall_music' });
    return `"${answer}", ${figures(heard)}`;
  });

  await report.check(`${AT_ONCE} at once are all answered`, async () => {
    const heard = await Promise.all(
      Array.from({ length: AT_ONCE }, (_unused, index) =>
        speak(house, engine, `This is speaker number ${index + 1} of many.`, {
          preferred_format: 'wav',
          voice: voices[index % voices.length]?.voice_id,
        }),
      ),
    );
    const seconds = heard.map((one) => one.seconds);
    return `${heard.length} sounds of ${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
  });
}
