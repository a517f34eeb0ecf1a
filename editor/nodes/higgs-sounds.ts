import { define } from '../browser/define.js';
import { storedSoundsPart } from '../browser/stored-sounds.js';
import { textOf } from '../browser/texts.js';
import { SOUNDS } from '../forms/sounds.js';

export const definition = define(SOUNDS, {
  label() {
    return textOf(this.name) || textOf(this.soundUrl) || this._('sounds.label');
  },
  parts: () => [storedSoundsPart()],
});
