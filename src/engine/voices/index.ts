export { ClipCodes, type ClipCodesOptions } from './clip-codes.js';
export { openReferenceClip, readClip, type ReferenceClip } from './clip-file.js';
export { checkVoiceName, voiceKey } from './voice-name.js';
export { VoiceStore, type StoredVoice, type VoiceFolders, type VoiceMaterial } from './voice-store.js';
