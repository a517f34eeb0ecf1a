/** The production room: what is done to sound that is finished, and the forms it is handed out in. */
export { ringChime } from './chimes.js';
export { encodeSound, openSoundEncoder, type EncoderOptions } from './encoder.js';
export { fileExtensionOf, formatOf, mediaTypeOf } from './formats.js';
export { CEILING_DBTP, level, measureLoudness, measureTruePeak, SILENT_LUFS } from './loudness.js';
export { moveMark, moveWords, readableText } from './marks.js';
export type { Mp3Options } from './mp3-encoder.js';
export { mixMusic, readBedSource } from './music.js';
export { panGains } from './pan.js';
export { produce, type Produced } from './produce.js';
export { channelsOf, SoundStream, type StreamPart, type StreamProduction } from './sound-stream.js';
export { openTempo, type Tempo, type TempoOptions } from './tempo.js';
export { subtitleFormatOf, subtitlesOf } from './subtitles.js';
export { Timeline, type Layout, type Placement, type Stretch } from './timeline.js';
export { playTrack } from './tracks.js';
export { soundOf, type AnySound, type ChimeSource, type Production, type Sound, type SoundEncoder } from './types.js';
export { volumeGain } from './volume.js';
