import { define } from '../browser/define.js';
import { textOf } from '../browser/texts.js';
import { ANNOUNCE } from '../forms/announce.js';

export const definition = define(ANNOUNCE, {
  label() {
    return textOf(this.name) || this._('announce.label');
  },
});
