/** The inputs that higgs-synthesize and higgs-dialogue share, and what is made of them. */
import {
  PRODUCTION_RULES,
  SAMPLING_RULES,
  SEGMENT_BY,
  SEGMENT_RULES,
  SOUND_FORMATS,
  type MarkFields,
  type MusicSetting,
  type Production,
  type ReadingFields,
  type SamplingOptions,
  type SegmentFields,
} from '../../src/engine/index.js';
import { MESSAGE_PROPERTIES, OUTPUTS, OVERWRITE_RULES, SUBTITLES, SWITCHES } from './catalogue.js';
import { fixedFolder, insideFolder } from './file-pattern.js';
import type { Input, InputTable, InputValues, OwnValue } from './inputs.js';
import type { NodeAPI } from './node-red.js';
import { fileToRead, fileToWrite } from './paths.js';
import { QUEUE_INPUTS } from './queue-inputs.js';
import {
  invalid,
  readBoolean,
  readChime,
  readChoice,
  readLexicon,
  readMusic,
  readNumber,
  readText,
} from './readers.js';
import { leaveOut } from './values.js';

type Output = (typeof OUTPUTS)[number];

type SamplingName = 'temperature' | 'topP' | 'topK' | 'seed' | 'maxSeconds';

function samplingInput(name: SamplingName): Input<number | undefined> {
  return { message: name, property: name, kind: 'num', read: readNumber(SAMPLING_RULES[name]), fallback: undefined };
}

/** No field of the editor has it; a message may. */
function segmentInput(name: keyof typeof SEGMENT_RULES): Input<number | undefined> {
  return { read: readNumber(SEGMENT_RULES[name]), fallback: undefined };
}

/**
 * A table whose names are also those that msg.higgs takes. A file's name counts where the node writes files; its field
 * says where to look, msg.filename at first, so that a name from a node before does not win over one that was typed in.
 */
export function speakingInputs(red: NodeAPI) {
  const findFile = fileToRead(red);
  const chime = (property: string) => ({ property, read: readChime(findFile), fallback: undefined });
  return {
    temperature: samplingInput('temperature'),
    topP: samplingInput('topP'),
    topK: samplingInput('topK'),
    seed: samplingInput('seed'),
    maxSeconds: samplingInput('maxSeconds'),
    scene: { message: 'scene', property: 'scene', read: readText, fallback: undefined },
    system: { property: 'system', read: readText, fallback: undefined },
    segmentBy: { read: readChoice(SEGMENT_BY), fallback: undefined },
    segmentWords: segmentInput('segmentWords'),
    segmentTurns: segmentInput('segmentTurns'),
    contextSegments: segmentInput('contextSegments'),
    language: { property: 'language', read: readText, fallback: undefined },
    asWritten: { property: 'asWritten', kind: 'bool', read: readBoolean, fallback: SWITCHES.asWritten },
    lexicon: { property: 'lexicon', read: readLexicon, fallback: undefined },
    /** As the segments' rules: a message alone has it. */
    wordTimes: { read: readBoolean, fallback: undefined },
    music: { message: 'music', read: readMusic(findFile), fallback: undefined },
    output: { property: 'output', read: readChoice(OUTPUTS), fallback: OUTPUTS[0], override: keepFromDisk },
    format: { property: 'format', read: readChoice(SOUND_FORMATS), fallback: SOUND_FORMATS[0] },
    subtitles: { property: 'subtitles', read: readChoice(SUBTITLES), fallback: SUBTITLES[0] },
    filename: {
      property: 'filename',
      kind: 'msg',
      initial: MESSAGE_PROPERTIES.filename,
      read: readText,
      fallback: undefined,
      override: keepInFolder(red),
    },
    overwrite: { property: 'overwrite', read: readChoice(OVERWRITE_RULES), fallback: OVERWRITE_RULES[0] },
    chimeBefore: chime('chimeBefore'),
    chimeAfter: chime('chimeAfter'),
    /** LUFS. */
    loudness: {
      property: 'loudness',
      kind: 'num',
      read: readNumber(PRODUCTION_RULES.loudnessLufs),
      fallback: undefined,
    },
    speed: {
      message: 'speed',
      property: 'speed',
      kind: 'num',
      read: readNumber(PRODUCTION_RULES.speed),
      fallback: undefined,
    },
    ...QUEUE_INPUTS,
    cache: { property: 'cache', kind: 'bool', read: readBoolean, fallback: SWITCHES.cache },
  } as const satisfies InputTable;
}

/** A message may choose another form, but not have a node write files that was not made to. */
function keepFromDisk(output: Output, own: OwnValue<Output>, name: string): Output {
  if (output !== 'file' || own.value === 'file') return output;
  throw invalid(name, output, `"buffer", "stream" or "url", for the node writes no files`);
}

/** A name in the node's own folder, from which it leads; any, where the node leaves the file to the message anyway. */
function keepInFolder(red: NodeAPI) {
  return (name: string | undefined, { value: own, isFromMessage }: OwnValue<string | undefined>, from: string) => {
    if (isFromMessage || name === undefined) return name;
    const folder = own === undefined ? undefined : fileToWrite(red, fixedFolder(own));
    const file = folder === undefined ? undefined : insideFolder(folder, name);
    if (file !== undefined) return file;
    throw invalid(from, name, folder === undefined ? 'nothing, for the node names no folder' : `a file in "${folder}"`);
  };
}

export type SpeakingTable = ReturnType<typeof speakingInputs>;
export type SpeakingValues = InputValues<SpeakingTable>;

/** The part of a request that every speaking node fills in the same way; what is not set is left out. */
export function commonRequest(
  values: SpeakingValues,
): SamplingOptions &
  SegmentFields &
  ReadingFields &
  MarkFields & { scene?: string; system?: string; music?: MusicSetting } {
  const { temperature, topP, topK, seed, maxSeconds, scene, system, music, language, lexicon } = values;
  const { segmentBy, segmentWords, segmentTurns, contextSegments } = values;
  const asWritten = values.asWritten || undefined;
  const wordTimes = values.wordTimes || undefined;
  return leaveOut({
    ...{ temperature, topP, topK, seed, maxSeconds },
    ...{ segmentBy, segmentWords, segmentTurns, contextSegments },
    ...{ scene, system, music, language, asWritten, lexicon, wordTimes },
  });
}

/** What is done to the sound when it is there. */
export function productionOf({ speed, loudness, chimeBefore, chimeAfter }: SpeakingValues): Production {
  return leaveOut({ speed, loudnessLufs: loudness, chimeBefore, chimeAfter });
}
