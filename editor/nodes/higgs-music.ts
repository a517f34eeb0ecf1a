import { define } from '../browser/define.js';
import { describeError, request } from '../browser/server.js';
import { textOf } from '../browser/texts.js';
import { MUSIC } from '../forms/music.js';

export const definition = define(MUSIC, {
  label() {
    return textOf(this.name) || this._('music.label');
  },
  button: {
    // A node that is not deployed has nothing to switch.
    enabled() {
      return this.changed !== true;
    },
    onclick() {
      request('POST', `music/${encodeURIComponent(this.id)}/toggle`).catch((thrown: unknown) => {
        RED.notify(describeError(thrown), { type: 'error' });
      });
    },
  },
});
