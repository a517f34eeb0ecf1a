import { define } from '../browser/define.js';
import { hubPart } from '../browser/hub.js';
import { samplingLinePart } from '../browser/sampling.js';
import { textOf } from '../browser/texts.js';
import { ENGINE } from '../forms/engine.js';

export const definition = define(ENGINE, {
  label() {
    const place = this.model === 'folder' ? this.modelFolder : this.model === 'hub' ? this.modelRepo : '';
    const last = textOf(place)
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .pop();
    return textOf(this.name) || last || this._('engine.models.embedded');
  },
  parts: () => [hubPart(), samplingLinePart()],
});
