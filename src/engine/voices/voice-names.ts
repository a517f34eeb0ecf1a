/** Voices by name, as the parent looks them up: the worker gets clips and descriptions, and knows no names. */
import path from 'node:path';
import { absolutePath } from '../absolute-path.js';
import { EMBEDDED_DIR } from '../package-files.js';
import type { ResolvedVoice } from '../protocol.js';
import type { ClipReport, RegisterVoiceRequest, Voice, VoiceInfo } from '../requests.js';
import { readClip } from './clip-file.js';
import { writeVoiceFile } from './voice-file.js';
import { VoiceStore } from './voice-store.js';

/** A voice that may have its name and is to be looked at before it is kept. */
export interface VoiceCandidate {
  /** The clip's bytes, which the worker has to check; undefined for a description. */
  readonly clip?: Uint8Array;
  /** `trimmed`: what is kept in the clip's place. */
  keep(report?: ClipReport, trimmed?: Uint8Array): Promise<VoiceInfo>;
}

export class VoiceNames {
  private readonly store: VoiceStore;

  constructor(dataDir: string) {
    this.store = new VoiceStore({ dataDir, embeddedDir: path.join(EMBEDDED_DIR, 'voices') });
  }

  list(): Promise<readonly VoiceInfo[]> {
    return this.store.list();
  }

  remove(name: string): Promise<void> {
    return this.store.remove(name);
  }

  rename(name: string, to: string): Promise<VoiceInfo> {
    return this.store.rename(name, to);
  }

  /** Throws HIGGS_VOICE_UNKNOWN, HIGGS_CLIP_UNREADABLE. */
  async export(name: string): Promise<Uint8Array> {
    const { info, source } = await this.store.get(name);
    if (source.kind === 'described') return writeVoiceFile({ name: info.name, ...source });
    return writeVoiceFile({ name: info.name, ...source, clip: await readClip(source.clip) });
  }

  /** Throws HIGGS_VOICE_UNKNOWN. A clip's path is made absolute here: the worker may have another working folder. */
  async resolve(given: Voice = { kind: 'any' }): Promise<ResolvedVoice> {
    const voice = typeof given === 'string' ? ({ kind: 'named', name: given } as const) : given;
    switch (voice.kind) {
      case 'any':
        return { kind: 'any', label: 'any' };
      case 'described':
        return { ...voice, label: voice.description };
      case 'clip': {
        const clip = typeof voice.clip === 'string' ? absolutePath(voice.clip) : voice.clip;
        return { ...voice, clip, label: 'clip' };
      }
      case 'named': {
        const { info, source } = await this.store.get(voice.name);
        return { ...source, label: info.name };
      }
    }
  }

  /** The voices of those who speak; others may be given without being looked up. */
  async resolveAll(
    voices: Readonly<Record<string, Voice>>,
    lines: readonly { readonly speaker: string }[],
  ): Promise<Record<string, ResolvedVoice>> {
    const speakers = [...new Set(lines.map((line) => line.speaker))];
    return Object.fromEntries(
      await Promise.all(speakers.map(async (speaker) => [speaker, await this.resolve(voices[speaker])] as const)),
    );
  }

  /** Throws what `VoiceStore.checkFree` does, and HIGGS_CLIP_UNREADABLE. */
  async candidate(request: RegisterVoiceRequest): Promise<VoiceCandidate> {
    await this.store.checkFree(request.name, request.replace);
    const { source } = request;
    if (source.kind === 'described') return { keep: () => this.store.save(request) };
    // The bytes that are checked are the ones that are kept, whatever becomes of the file meanwhile.
    const clip = await readClip(source.clip);
    return {
      clip,
      keep: (report, trimmed) => this.store.save({ ...request, source: { ...source, clip: trimmed ?? clip } }, report),
    };
  }
}
