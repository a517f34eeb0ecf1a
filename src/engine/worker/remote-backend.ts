/** Servers elsewhere: they have the model, this side has the words, the voices and the sound. */
import path from 'node:path';
import { EMBEDDED_DIR } from '../package-files.js';
import type { RemoteSettings, ResolvedVoice } from '../protocol.js';
import { Servers, type RemoteVoice } from '../remote/index.js';
import type { ClipReport } from '../requests.js';
import { encodeWav } from '../sound/index.js';
import { normalizeText, readText, type ReadingNote, type ReadingOptions } from '../text/index.js';
import { openReferenceClip, readClip } from '../voices/index.js';
import { withoutClip, type Backend, type BackendState, type CallTools, type SpeechStyle } from './backend.js';
import { RemoteSegmentGenerator } from './remote-segments.js';

export class RemoteBackend implements Backend<RemoteVoice, undefined> {
  private readonly servers: Servers;
  private isOpen = false;

  constructor(private readonly settings: RemoteSettings) {
    this.servers = new Servers(settings);
  }

  get loaded(): BackendState | undefined {
    if (!this.isOpen) return undefined;
    return { device: 'remote', bits: 0, mostTogether: 1, callsAtOnce: this.servers.places, warnings: [] };
  }

  /** Looks whether a server answers. Throws HIGGS_REMOTE_UNREACHABLE, HIGGS_ABORTED. */
  async open({ signal, onStep }: CallTools): Promise<void> {
    if (!this.isOpen) await this.servers.check(signal);
    this.isOpen = true;
    onStep?.();
  }

  normalize(text: string, reading: ReadingOptions): Promise<string> {
    return Promise.resolve(readText(text, reading));
  }

  /** What voices elsewhere know is theirs to say. */
  notesOn(): readonly ReadingNote[] {
    return [];
  }

  async openVoice(voice: ResolvedVoice): Promise<RemoteVoice> {
    if (voice.kind !== 'clip') return withoutClip(voice);
    const { samples } = openReferenceClip(await readClip(voice.clip));
    const cloned = { kind: 'cloned', transcript: normalizeText(voice.transcript), wav: encodeWav(samples) } as const;
    const isEmbedded = typeof voice.clip === 'string' && voice.clip.startsWith(EMBEDDED_DIR + path.sep);
    return isEmbedded ? { ...cloned, embedded: voice.label } : cloned;
  }

  async checkClip(clip: string | Uint8Array): Promise<ClipReport> {
    return openReferenceClip(await readClip(clip)).report;
  }

  segmentGenerator(style: SpeechStyle, tools: CallTools): RemoteSegmentGenerator {
    return new RemoteSegmentGenerator(this.servers, this.settings, style, tools);
  }
}
