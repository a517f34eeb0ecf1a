/** What clients set for all announcements; kept over restarts. */
import { HiggsError } from '../../engine/index.js';
import { checkNumber, voiceKey } from '../../engine/package-api.js';
import { flag, numeric } from './command.js';
import { ANNOUNCER_RULES } from './rules.js';

/** What the select of voices offers for "the model picks one". */
export const ANY_VOICE = 'any';

export interface Settings {
  /** A voice's name; undefined: the model picks one. */
  readonly voice?: string;
  readonly music: boolean;
  /** 0 to 100 %. */
  readonly volume: number;
}

export type SettingName = keyof Settings;

/** `settings` with one of them as `text` says; throws HIGGS_OPTION_INVALID or HIGGS_VOICE_UNKNOWN. */
export function changeSetting(
  settings: Settings,
  name: SettingName,
  text: string,
  voices: readonly string[],
): Settings {
  switch (name) {
    case 'voice': {
      const { music, volume } = settings;
      if (text === ANY_VOICE || text === '') return { music, volume };
      const voice = voices.find((its) => voiceKey(its) === voiceKey(text));
      if (voice !== undefined) return { music, volume, voice };
      const known = `there are: ${voices.join(', ')}`;
      throw new HiggsError('HIGGS_VOICE_UNKNOWN', `There is no voice "${text.slice(0, 80)}"; ${known}.`);
    }
    case 'music':
      return { ...settings, music: flag(text, name) };
    case 'volume':
      return { ...settings, volume: checkNumber(name, numeric(text), ANNOUNCER_RULES.volume) };
  }
}
