/**
 * The one error family. Across processes and copies of the package only `code` counts;
 * `docs/errors.md` is written from this table and tested against it.
 */
export const REMEDIES = {
  HIGGS_TEXT_EMPTY: 'Send a text to speak.',
  HIGGS_TEXT_TOO_LONG: 'Send a shorter text, or raise the text limit of the node.',
  HIGGS_DIALOGUE_INVALID: 'Give lines as [{speaker, text}], "[SPEAKER0] …" or "Name: …", and a voice for each speaker.',
  HIGGS_OPTION_INVALID: 'Set the named option to a value in the range that the message gives.',
  HIGGS_VOICE_UNKNOWN: 'Choose one of the voices that the message lists, or load the voice first.',
  HIGGS_VOICE_NAME_INVALID: 'Name the voice with 1 to 64 letters, digits, spaces, "-" or "_".',
  HIGGS_VOICE_EXISTS: 'Choose another name, or let the voice of this name be replaced; embedded voices stay.',
  HIGGS_VOICE_TRANSCRIPT_MISSING: 'Give the words that are spoken in the reference clip.',
  HIGGS_VOICE_FILE_BROKEN: 'Export the voice again, and import the file as it was exported.',
  HIGGS_CLIP_UNREADABLE: 'Give a WAV file (PCM of 8 to 32 bits or float, any rate, any channels).',
  HIGGS_CLIP_SILENT: 'Record the clip again, louder; it must hold speech.',
  HIGGS_CLIP_TOO_SHORT: 'Give at least 1 second of speech; 5 to 20 seconds clone best.',
  HIGGS_CLIP_TOO_LONG: 'Cut the clip to 60 seconds or less; 5 to 20 seconds clone best.',
  HIGGS_CHECKPOINT_MISSING:
    'Point the engine at the folder that holds config.json and the safetensors files, or use the embedded voice.',
  HIGGS_CHECKPOINT_BROKEN: 'Copy the named file again, or use the embedded voice.',
  HIGGS_CHECKPOINT_UNSUPPORTED: 'Use a Higgs Audio v2 checkpoint, in the published or the converted layout.',
  HIGGS_CACHE_UNWRITABLE: 'Make the cache folder writable, or choose another one.',
  HIGGS_HUB_REFUSED:
    'Set HF_TOKEN to a token that may read the repository, and accept its terms on its page where the hub asks for that.',
  HIGGS_HUB_NOT_FOUND: 'Check the spelling of the repository (owner/name) and of the revision.',
  HIGGS_HUB_UNREACHABLE: 'Check the connection and HF_ENDPOINT, then pull again: it goes on where it was cut.',
  HIGGS_DOWNLOAD_BROKEN: 'Pull again; if it recurs, do without the mirror (HF_ENDPOINT) or the proxy in between.',
  HIGGS_LICENCE_NOT_ACCEPTED: 'Read the licence, then accept it: higgs-tts pull --yes.',
  HIGGS_DISK_FULL: 'Free some space on the disk that holds the named folder, or choose another folder.',
  HIGGS_OUTPUT_UNWRITABLE: 'Choose a file in a folder that exists and can be written.',
  HIGGS_FORMAT_UNAVAILABLE: 'Install the optional packages that the message names, or choose WAV or FLAC.',
  HIGGS_ADDRESS_UNAVAILABLE: 'Choose another address or port, or end the program that uses it.',
  HIGGS_BROKER_UNREACHABLE: 'Check the broker’s address, port, user and password; the announcer keeps trying.',
  HIGGS_ANNOUNCER_FILE_BROKEN: 'Set voice, music and volume again; what waited to be announced is lost.',
  HIGGS_ID_IN_USE: 'Give each announcer an id of its own.',
  HIGGS_DEVICE_UNAVAILABLE: 'Choose the device "auto" or "cpu".',
  HIGGS_RUNTIME_FAILED: 'Send the message again; if it recurs, choose the CPU or fewer bits.',
  HIGGS_CONTEXT_FULL: 'Shorten the text or the reference clip.',
  HIGGS_ENGINE_MISSING: 'Choose another engine in the node, or enable the one that it names, and deploy.',
  HIGGS_WORKER_ENDED: 'Send the message again; if it recurs, choose the CPU or fewer bits.',
  HIGGS_WORKER_STALLED:
    'Send the message again: a new speech process is started. If it recurs, choose the CPU, or raise stallSeconds for a slow machine.',
  HIGGS_WORKER_GIVEN_UP: 'Look at the cause, change the engine’s settings, and deploy again.',
  HIGGS_PLAYER_MISSING: 'Install one of the programs that the message names, or choose another player.',
  HIGGS_PLAYER_UNREACHABLE:
    'Switch the player on, and check its name or address and that this machine is in its network.',
  HIGGS_PLAYER_FAILED: 'Look at what the player says; choose another device or player, or send the sound again.',
  HIGGS_SOUND_MISSING: 'Check the name, the file or the address of the sound.',
  HIGGS_SOUND_HOST_MISSING: 'Choose another sounds node, or enable the one that it names, and deploy.',
  HIGGS_SOUND_UNPLAYABLE: 'Give a WAV file; for MP3 and other formats install mpv or ffplay.',
  HIGGS_REMOTE_UNREACHABLE: 'Check the servers and their addresses, or let the engine fall back to this machine.',
  HIGGS_REMOTE_REFUSED: 'Change what the message names; the servers do not take it.',
  HIGGS_REMOTE_FAILED: 'Send the message again; another server will be asked.',
  HIGGS_QUEUE_FULL: 'Send fewer messages at a time, or raise the queue’s limit.',
  HIGGS_ABORTED: 'Nothing to do: the request was stopped.',
  HIGGS_CLOSED: 'Deploy the flow again, or open a new engine.',
  HIGGS_INTERNAL: 'Please report this message with what was sent.',
} as const;

export type HiggsErrorCode = keyof typeof REMEDIES;

/** An error as it crosses from the worker process; rebuilt by {@link HiggsError.fromWire}. */
export interface WireError {
  readonly code: HiggsErrorCode;
  readonly message: string;
  readonly cause?: string;
}

export class HiggsError extends Error {
  override readonly name = 'HiggsError';

  /** `message` says what happened, as one sentence with the thing's name in it; the remedy comes from the table. */
  constructor(
    readonly code: HiggsErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get remedy(): string {
    return REMEDIES[this.code];
  }

  /** What a Catch node and the command line show. */
  override toString(): string {
    return `${this.message} ${this.remedy}`;
  }

  toWire(): WireError {
    const cause = this.cause === undefined ? undefined : describeCause(this.cause);
    return { code: this.code, message: this.message, ...(cause === undefined ? {} : { cause }) };
  }

  static fromWire(wire: WireError): HiggsError {
    return new HiggsError(wire.code, wire.message, wire.cause === undefined ? undefined : { cause: wire.cause });
  }

  /** Anything thrown, as a member of the family; a HiggsError is returned as it is. */
  static from(thrown: unknown, code: HiggsErrorCode = 'HIGGS_INTERNAL'): HiggsError {
    if (thrown instanceof HiggsError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new HiggsError(code, message, { cause: thrown });
  }
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** The `code` of a Node.js system error (ENOENT, ENOSPC, …), or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
