/** What a renderer does and can be told, in our own words. */
import { HiggsError } from '../../engine/index.js';
import type { RendererDevice } from './description.js';
import { secondsOf } from './didl.js';
import { askDevice } from './http.js';
import { call } from './soap.js';
import { allNamed, readXml, textOf } from './xml.js';

export type TransportState = 'playing' | 'beginning' | 'paused' | 'stopped';

/** What plays, or lies ready to. */
export interface Media {
  readonly url: string;
  readonly metadata: string;
  readonly trackCount: number;
}

/** Where it is. */
export interface Position {
  /** From 1. */
  readonly track: number;
  readonly seconds: number;
  /** 0 for what has no end, such as a radio. */
  readonly trackSeconds: number;
}

const LIMIT_MS = 4000;
const USUAL_MOST = 100;

export class Transport {
  private mostVolume: number | undefined;

  constructor(private readonly device: RendererDevice) {}

  async state(): Promise<{ readonly state: TransportState; readonly hasFailed: boolean }> {
    const value = await call(this.device.transport, 'GetTransportInfo');
    return {
      state: stateOf(value('CurrentTransportState')),
      hasFailed: value('CurrentTransportStatus') === 'ERROR_OCCURRED',
    };
  }

  async media(): Promise<Media> {
    const value = await call(this.device.transport, 'GetMediaInfo');
    return {
      url: value('CurrentURI'),
      metadata: value('CurrentURIMetaData'),
      trackCount: Number(value('NrTracks')) || 0,
    };
  }

  async position(): Promise<Position> {
    const value = await call(this.device.transport, 'GetPositionInfo');
    return {
      track: Number(value('Track')) || 0,
      seconds: secondsOf(value('RelTime')),
      trackSeconds: secondsOf(value('TrackDuration')),
    };
  }

  /** Some renderers take no description, or not this one: then without. */
  async load(url: string, metadata: string): Promise<void> {
    const set = (CurrentURIMetaData: string) =>
      call(this.device.transport, 'SetAVTransportURI', { CurrentURI: url, CurrentURIMetaData });
    try {
      await set(metadata);
    } catch (thrown) {
      if (metadata === '' || HiggsError.from(thrown).code !== 'HIGGS_PLAYER_FAILED') throw thrown;
      await set('');
    }
  }

  async play(): Promise<void> {
    await call(this.device.transport, 'Play', { Speed: 1 });
  }

  async stop(): Promise<void> {
    await call(this.device.transport, 'Stop');
  }

  async seek(unit: 'REL_TIME' | 'TRACK_NR', target: string): Promise<void> {
    await call(this.device.transport, 'Seek', { Unit: unit, Target: target });
  }

  /** 0 to 100; undefined where it has no volume that can be asked for. */
  async volume(): Promise<number | undefined> {
    const { rendering } = this.device;
    if (rendering === undefined) return undefined;
    const value = await call(rendering, 'GetVolume', { Channel: 'Master' });
    const current = Number(value('CurrentVolume'));
    return Number.isFinite(current) ? (100 * current) / (await this.most()) : undefined;
  }

  async setVolume(percent: number): Promise<void> {
    const { rendering } = this.device;
    if (rendering === undefined)
      throw new HiggsError('HIGGS_PLAYER_FAILED', `The player ${this.device.name} has no volume.`);
    const DesiredVolume = Math.round((percent / 100) * (await this.most()));
    await call(rendering, 'SetVolume', { Channel: 'Master', DesiredVolume });
  }

  /** The number that stands for the loudest, in the service's own description: most say 100, some televisions do not. */
  private async most(): Promise<number> {
    if (this.mostVolume !== undefined) return this.mostVolume;
    const { rendering } = this.device;
    const text = rendering?.descriptionUrl === undefined ? '' : await this.fetched(rendering.descriptionUrl);
    const root = readXml(text);
    const variables = root === undefined ? [] : allNamed(root, 'stateVariable');
    const volume = variables.find((variable) => textOf(variable, 'name') === 'Volume');
    this.mostVolume = (volume === undefined ? 0 : Number(textOf(volume, 'maximum'))) || USUAL_MOST;
    return this.mostVolume;
  }

  private async fetched(url: string): Promise<string> {
    const answer = await askDevice(url, { method: 'GET', limitMs: LIMIT_MS }).catch(() => undefined);
    return answer?.status === 200 ? answer.text : '';
  }
}

function stateOf(text: string): TransportState {
  if (text === 'PLAYING') return 'playing';
  if (text === 'TRANSITIONING') return 'beginning';
  return text === 'PAUSED_PLAYBACK' ? 'paused' : 'stopped';
}
