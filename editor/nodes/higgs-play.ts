import { define } from '../browser/define.js';
import { playersPart, tryPart } from '../browser/players.js';
import { textOf } from '../browser/texts.js';
import { PLAY } from '../forms/play.js';

export const definition = define(PLAY, {
  label() {
    return textOf(this.name) || this._('play.label');
  },
  parts: () => [playersPart(), tryPart()],
});
