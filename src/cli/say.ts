/** `higgs-tts say`. */
import fs from 'node:fs/promises';
import {
  HiggsError,
  openSoundEncoder,
  parseDialogue,
  SAMPLE_RATE_HZ,
  subtitlesOf,
  type Accent,
  type DialogueRequest,
  type MusicSetting,
  type ReadingFields,
  type SamplingOptions,
  type Speech,
  type SpeakOptions,
  type SpeakRequest,
  type SpeakResult,
  type SpeechEngine,
  type VoiceSource,
} from '../engine/index.js';
import { checkWritable, formatOf, subtitleFormatOf, writeWhole } from '../engine/package-api.js';
import { numberOf, textOf, UsageError, type Values } from './command-line.js';
import { withEngine, type Session } from './engine-session.js';
import { freeFileName, WavStream } from './output.js';

const STANDARD = '-';

export async function say(values: Values, texts: readonly string[]): Promise<void> {
  const request = await readRequest(values, texts);
  const file = textOf(values, 'output') ?? freeFileName();
  if (file !== STANDARD) await checkFile(file);
  const subtitles = await openSubtitles(values);
  const result = await withEngine(values, (session) => speak(session, request, file));
  if (file !== STANDARD) await result.save(file);
  await subtitles?.write(result);
  // Where sound goes to standard output, words must not.
  const report = values.json === true ? `${JSON.stringify(facts(result, file))}\n` : `${describe(result, file)}\n`;
  (file === STANDARD ? process.stderr : process.stdout).write(report);
  for (const note of result.notes ?? []) process.stderr.write(`higgs-tts: ${note}\n`);
}

/** Before anything is spoken. Throws HIGGS_OUTPUT_UNWRITABLE, HIGGS_FORMAT_UNAVAILABLE. */
async function checkFile(file: string): Promise<void> {
  await checkWritable(file);
  const format = formatOf(file);
  if (format !== undefined) await openSoundEncoder(format, { sampleRateHz: SAMPLE_RATE_HZ, channelCount: 1 });
}

/** Checked before anything is spoken. Throws HIGGS_OPTION_INVALID, HIGGS_OUTPUT_UNWRITABLE. */
async function openSubtitles(values: Values): Promise<{ write(result: SpeakResult): Promise<void> } | undefined> {
  const file = textOf(values, 'subtitles');
  if (file === undefined) return undefined;
  const format = subtitleFormatOf(file);
  await checkWritable(file);
  return { write: ({ marks }) => writeWhole(file, Buffer.from(subtitlesOf(marks, format))) };
}

type Request =
  | { readonly speak: SpeakRequest }
  | { readonly dialogue: Omit<DialogueRequest, 'voices'>; readonly voices: readonly string[] };

async function readRequest(values: Values, texts: readonly string[]): Promise<Request> {
  const dialogueFile = textOf(values, 'dialogue');
  const common = {
    ...sampling(values),
    ...given('scene', textOf(values, 'scene')),
    ...reading(values),
    ...(values['word-times'] === true ? { wordTimes: true } : {}),
    ...music(values),
  };
  if (dialogueFile === undefined) {
    const text = await textToSay(texts);
    return { speak: { text, ...given('voice', voiceOf(values)), ...common } };
  }
  if (texts.length > 0) throw new UsageError('say takes a text or --dialogue, not both.');
  if (values.reference !== undefined || values.describe !== undefined) {
    throw new UsageError('With --dialogue, voices are given as --voice SPEAKER=NAME.');
  }
  const voices = Array.isArray(values.voice) ? (values.voice as readonly string[]) : [];
  return { dialogue: { lines: parseDialogue(await readText(dialogueFile)), ...common }, voices };
}

async function speak(session: Session, request: Request, file: string): Promise<Speech> {
  const { engine, progress } = session;
  // Whoever reads the sound may have heard enough; then the work stops.
  const closed = new AbortController();
  const out = file === STANDARD ? new WavStream(process.stdout) : undefined;
  if (out) process.stdout.on('error', (error) => closed.abort(error));
  const options: SpeakOptions = {
    signal: AbortSignal.any([session.signal, closed.signal]),
    onProgress: (event) => progress.show(event),
    // Who says something once more at a terminal wants another take.
    cache: false,
    ...(out ? { onChunk: ({ samples }) => out.write(samples) } : {}),
  };
  if ('speak' in request) return engine.speak(request.speak, options);
  const voices = await castVoices(
    engine,
    request.dialogue.lines.map((line) => line.speaker),
    request.voices,
  );
  return engine.dialogue({ ...request.dialogue, voices }, options);
}

/** A voice for each speaker: the one given for it, the one of its own name, else those not yet taken, in order. */
async function castVoices(
  engine: SpeechEngine,
  speakers: readonly string[],
  choices: readonly string[],
): Promise<Record<string, VoiceSource>> {
  const known = (await engine.voices()).map((voice) => voice.name);
  const pairs = choices.map((choice) => choice.split('=', 2));
  const chosen = new Map(pairs.filter((pair) => pair.length === 2).map(([speaker, name]) => [speaker, name]));
  const rest = [...pairs.filter((pair) => pair.length === 1).map(([name]) => name), ...known];
  const cast = new Map<string, string>();
  for (const speaker of new Set(speakers)) {
    const own = known.find((name) => name.toLowerCase() === speaker.toLowerCase());
    const taken = [...chosen.values(), ...cast.values()];
    const name = chosen.get(speaker) ?? own ?? rest.find((free) => !taken.includes(free)) ?? known[0];
    if (name === undefined) throw new HiggsError('HIGGS_VOICE_UNKNOWN', `There is no voice for "${speaker}".`);
    cast.set(speaker, name);
  }
  return Object.fromEntries([...cast].map(([speaker, name]) => [speaker, { kind: 'named', name }]));
}

function voiceOf(values: Values): VoiceSource | undefined {
  const name = textOf(values, 'voice');
  const clip = textOf(values, 'reference');
  const description = textOf(values, 'describe');
  const transcript = textOf(values, 'transcript');
  const accent = textOf(values, 'accent') as Accent | undefined;
  if ([name, clip, description].filter((source) => source !== undefined).length > 1) {
    throw new UsageError('say takes one of --voice, --reference and --describe.');
  }
  if (clip === undefined && transcript !== undefined) throw new UsageError('--transcript goes with --reference.');
  if (clip === undefined && accent !== undefined) throw new UsageError('--accent goes with --reference.');
  if (name !== undefined) return { kind: 'named', name };
  if (clip !== undefined) return { kind: 'clip', clip, transcript: transcript ?? '', ...given('accent', accent) };
  if (description !== undefined) return { kind: 'described', description };
  return undefined;
}

/** How the text is read; `read` takes the same. */
export function reading(values: Values): ReadingFields {
  return {
    ...given('language', textOf(values, 'language')),
    ...(values['as-written'] === true ? { asWritten: true } : {}),
  };
}

/** The text of the command line, or of standard input where it has none. */
export async function textToSay(texts: readonly string[]): Promise<string> {
  const isStandard = texts.length === 0 || (texts.length === 1 && texts[0] === STANDARD);
  return isStandard ? readText(STANDARD) : texts.join(' ');
}

function sampling(values: Values): SamplingOptions {
  return {
    ...given('temperature', numberOf(values, 'temperature')),
    ...given('topK', numberOf(values, 'top-k')),
    ...given('topP', numberOf(values, 'top-p')),
    ...given('maxSeconds', numberOf(values, 'max-seconds')),
    ...given('seed', numberOf(values, 'seed')),
  };
}

function music(values: Values): { music?: MusicSetting } {
  const clip = textOf(values, 'music');
  if (clip === undefined) return {};
  return { music: clip === '' ? { kind: 'model' } : { kind: 'bed', clip } };
}

/** `{name: value}`, or nothing where there is no value. */
function given<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: T });
}

async function readText(file: string): Promise<string> {
  if (file !== STANDARD) {
    return fs.readFile(file, 'utf8').catch((thrown: unknown) => {
      throw new UsageError(
        `The file "${file}" cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      );
    });
  }
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function facts(result: SpeakResult, file: string) {
  const { durationSeconds, workSeconds, firstSoundSeconds, frameCount, seed, voice, stop, marks } = result;
  return { file, durationSeconds, workSeconds, firstSoundSeconds, frameCount, seed, voice, stop, marks };
}

function describe(result: SpeakResult, file: string): string {
  const { durationSeconds, workSeconds, firstSoundSeconds, seed, voice, stop } = result;
  const cut = stop === 'limit' ? '; cut off at the limit' : '';
  const drawn = seed === undefined ? '' : `, seed ${seed}`;
  return (
    `${file === STANDARD ? 'standard output' : file}: ${durationSeconds.toFixed(2)} s of sound in ` +
    `${workSeconds.toFixed(2)} s of work (first sound after ${firstSoundSeconds.toFixed(2)} s), voice ${voice}${drawn}${cut}`
  );
}
