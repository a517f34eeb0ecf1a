/** How a node's speech leaves it: as bytes in a message, in a file, in many messages while it is made, or as an address. */
import {
  encodeSound,
  fileExtensionOf,
  mediaTypeOf,
  HiggsError,
  produce,
  type AudioChunk,
  type SpeakResult,
} from '../../src/engine/index.js';
import { channelsOf, SoundStream } from '../../src/engine/package-api.js';
import type { SoundHost } from '../../src/service/index.js';
import { fillPattern, fixedFolder } from './file-pattern.js';
import { accountFor } from './msg-higgs.js';
import type { NodeAPI, NodeMessageInFlow } from './node-red.js';
import { claimFile } from './output-files.js';
import { fileToWrite } from './paths.js';
import { hashOf } from './request-hash.js';
import { speechAccount, type Account } from './speech-account.js';
import { productionOf, type SpeakingValues } from './speaking-inputs.js';
import { leaveOut } from './values.js';

/** What is to be spoken, as far as its delivery needs to know it. */
export interface Asked {
  readonly text: string;
  /** What to call the voice, before it has spoken. */
  readonly voice: string;
  /** All that decides how it sounds. */
  readonly request: object;
  /** Two where someone does not stand in the middle. */
  readonly channelCount: number;
}

/** One message's delivery, prepared before it is spoken, so that what cannot be delivered costs no work. */
export interface Delivery {
  /** Nothing needs to be spoken: the message may go as it is. */
  readonly isDone: boolean;
  readonly onChunk?: (chunk: AudioChunk) => void;
  /** Puts the sound, or the last of it, into the message, which is then sent. */
  finish(result: SpeakResult, checkGoesOn: () => void): Promise<void>;
  /** The speech failed or was stopped; gives the message that ends what has been sent already, where something was. */
  breakOff(account: BrokenOff): NodeMessageInFlow | undefined;
  /** Called last, whatever became of the message. */
  release(): void;
}

/** What msg.higgs tells where there is no sound, or no more of it. */
export type BrokenOff = { readonly cancelled: true } | { readonly failed: HiggsError['code'] };

export interface DeliveryTools {
  readonly red: NodeAPI;
  readonly msg: NodeMessageInFlow;
  readonly values: SpeakingValues;
  readonly asked: Asked;
  /** Sends a message of a stream before its last one. */
  readonly send: (msg: NodeMessageInFlow) => void;
  /** Where sounds are served. */
  readonly soundHost: () => Promise<SoundHost>;
}

/** Throws HIGGS_OUTPUT_UNWRITABLE, HIGGS_OPTION_INVALID, HIGGS_CLIP_UNREADABLE, HIGGS_FORMAT_UNAVAILABLE, HIGGS_ADDRESS_UNAVAILABLE. */
export async function openDelivery(tools: DeliveryTools): Promise<Delivery> {
  switch (tools.values.output) {
    case 'buffer':
      return toBuffer(tools);
    case 'file':
      return toFile(tools);
    case 'stream':
      return toStream(tools);
    case 'url':
      return toUrl(tools);
  }
}

function toBuffer({ msg, values }: DeliveryTools): Delivery {
  return {
    isDone: false,
    finish: async (result) => {
      const { bytes, account } = await wholeOf(result, values);
      msg.payload = bytes;
      msg.higgs = accountFor(account);
    },
    breakOff: () => undefined,
    release: () => undefined,
  };
}

async function toUrl({ msg, values, soundHost }: DeliveryTools): Promise<Delivery> {
  const host = await soundHost();
  return {
    isDone: false,
    finish: async (result) => {
      const { bytes, account } = await wholeOf(result, values);
      const { url } = host.put(bytes, mediaTypeOf(values.format), fileExtensionOf(values.format).slice(1));
      msg.payload = url;
      msg.higgs = accountFor({ ...account, url });
    },
    breakOff: () => undefined,
    release: () => undefined,
  };
}

async function toFile({ red, msg, values, asked }: DeliveryTools): Promise<Delivery> {
  const { filename: pattern, overwrite, format, subtitles } = values;
  if (pattern === undefined) {
    const what = 'The node writes files, but neither its field nor the message names one.';
    throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', what);
  }
  const hash = hashOf({ ...asked.request, format, production: productionOf(values) });
  const facts = { ...asked, hash, at: new Date(), extension: fileExtensionOf(format) };
  const file = fileToWrite(red, fillPattern(pattern, facts));
  const folder = fileToWrite(red, fixedFolder(pattern));
  const place = await claimFile(file, overwrite, folder, subtitles === 'none' ? undefined : subtitles);
  const tell = (account: Account) => {
    const subtitleFile = account.subtitleText === undefined ? undefined : place.subtitleFile;
    msg.payload = msg.filename = place.file;
    msg.higgs = accountFor({ ...account, filename: place.file, ...leaveOut({ subtitleFile }) });
  };
  if (place.isKept)
    tell({ kept: true, voice: asked.voice, format, ...leaveOut({ subtitleText: place.keptSubtitles }) });
  return {
    isDone: place.isKept,
    finish: async (result, checkGoesOn) => {
      const { bytes, account } = await wholeOf(result, values);
      checkGoesOn();
      await place.write(bytes, account.subtitleText);
      tell(account);
    },
    breakOff: () => undefined,
    release: () => place.release(),
  };
}

/** The sound as a file's bytes, after all that was to be done to it. */
async function wholeOf(result: SpeakResult, values: SpeakingValues) {
  const { sampleRateHz } = result;
  const spoken = { channels: channelsOf(result), sampleRateHz };
  const { sound, marks } = await produce(spoken, productionOf(values), result.marks);
  const bytes = Buffer.from(await encodeSound(sound, values.format));
  const facts = {
    seconds: sound.channels[0]!.length / sound.sampleRateHz,
    sampleRateHz: sound.sampleRateHz,
    channels: sound.channels.length,
  };
  return { bytes, account: speechAccount(result, facts, marks, values) };
}

/**
 * Messages with `msg.parts` as Node-RED's own sequences have them: id, index and type, and, in the last one, `count` and
 * `last`. A Join node makes one Buffer of them. Only the last one has msg.higgs. A stream that has begun has one end,
 * whatever happens: where the speech fails or is stopped, an empty last part with msg.higgs.failed or .cancelled.
 */
async function toStream({ red, msg, values, asked, send }: DeliveryTools): Promise<Delivery> {
  const { loudnessLufs, ...production } = productionOf(values);
  if (loudnessLufs !== undefined) {
    const why = 'The option "loudness" needs the whole sound, which a stream does not have; leave one of them out.';
    throw new HiggsError('HIGGS_OPTION_INVALID', why);
  }
  const before = (msg as { parts?: unknown }).parts;
  const common = {
    id: red.util.generateId(),
    type: 'buffer',
    // What a Join node puts between the parts.
    ch: '',
    ...(before === undefined ? {} : { parts: before }),
  };
  const stream = await SoundStream.open(values.format, production, asked.channelCount, ({ index, bytes }) => {
    const part: NodeMessageInFlow & { higgs?: unknown } = red.util.cloneMessage({ ...msg, payload: undefined });
    delete part.higgs;
    send({ ...part, payload: bytes, parts: { ...common, index } });
  });
  const close = (bytes: Buffer, higgs: object) => {
    const count = stream.partCount + 1;
    Object.assign(msg, { payload: bytes, parts: { ...common, index: count - 1, count, last: true }, higgs });
  };
  return {
    isDone: false,
    onChunk: (chunk) => stream.push(channelsOf(chunk)),
    finish: async (result) => {
      const { rest, marks } = await stream.end(result);
      const facts = { seconds: stream.seconds, sampleRateHz: result.sampleRateHz, channels: asked.channelCount };
      close(rest, accountFor(speechAccount(result, facts, marks, values)));
    },
    breakOff: (account) => {
      if (stream.partCount === 0) return undefined;
      close(Buffer.alloc(0), accountFor(account));
      return msg;
    },
    release: () => undefined,
  };
}
