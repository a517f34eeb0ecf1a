/**
 * What a node's properties may be set to, and what holds where nothing is set: the inputs, the dialogs and docs/options.md
 * all read it here. What the engine itself takes lies in src/engine/options.ts. Data alone, for the editor's page has it too.
 */

/** Of each list the first one holds. */
export const OUTPUTS = ['buffer', 'file', 'stream', 'url'] as const;
/** What happens where the file is there already. */
export const OVERWRITE_RULES = ['replace', 'number', 'keep', 'error'] as const;
/** What is said when, beside the sound: the engine's SUBTITLE_FORMATS, or none. */
export const SUBTITLES = ['none', 'vtt', 'srt'] as const;
export const VOICE_ACTIONS = ['load', 'remove', 'rename', 'export', 'import'] as const;
export const VOICE_SOURCES = ['embedded', 'clip', 'described'] as const;
/** Made by the model, an embedded track, or a recording. */
export const MUSIC_KINDS = ['model', 'track', 'bed'] as const;
/** The music goes with a text to the next node, or under audio that arrives. */
export const MUSIC_MODES = ['pass', 'mix'] as const;
export const MODELS = ['embedded', 'folder', 'hub'] as const;
export const ANNOUNCE_OUTPUTS = ['url', 'buffer'] as const;

export const SWITCHES = {
  interrupt: false,
  cache: true,
  asWritten: false,
  stems: false,
  trim: false,
  musicOn: true,
  musicLoop: true,
  remoteFallBack: true,
  strictVoices: false,
  zeroconf: true,
} as const;

/** Where the message has what a node works with. */
export const MESSAGE_PROPERTIES = {
  text: 'payload',
  script: 'payload',
  clip: 'payload',
  filename: 'filename',
  sound: 'payload',
} as const;

/** The voice that a new `higgs-voice` node gives. */
export const FIRST_VOICE = 'ella';
/** Home Assistant's own. */
export const DISCOVERY_PREFIX = 'homeassistant';
