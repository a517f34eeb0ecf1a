export { ClipCodes, type ClipCodesOptions } from './clip-codes.js';
export { inspectVoiceClip, openReferenceClip, readClip, trimClip, type ReferenceClip } from './clip-file.js';
export { readVoiceFile, VOICE_FILE_EXTENSION, writeVoiceFile, type PortableVoice } from './voice-file.js';
export { checkVoiceName, voiceKey } from './voice-name.js';
export { VoiceNames, type VoiceCandidate } from './voice-names.js';
export { VoiceStore, type StoredVoice, type VoiceFolders, type VoiceMaterial } from './voice-store.js';
