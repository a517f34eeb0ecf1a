import { define } from '../browser/define.js';
import { textOf } from '../browser/texts.js';
import { SERVER } from '../forms/server.js';

export const definition = define(SERVER, {
  inputs: 0,
  outputs: 0,
  label() {
    return textOf(this.name) || this._('server.label');
  },
});
