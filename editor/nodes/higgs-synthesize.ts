import { define } from '../browser/define.js';
import { listenPart } from '../browser/listen.js';
import { samplingFieldsPart } from '../browser/sampling.js';
import { sharedText, textOf } from '../browser/texts.js';
import { forgetVoices } from '../browser/voices.js';
import { SYNTHESIZE } from '../forms/synthesize.js';

export const definition = define(SYNTHESIZE, {
  label() {
    return textOf(this.name) || this._('synthesize.label');
  },
  parts: () => {
    forgetVoices();
    return [samplingFieldsPart(), listenPart(() => sharedText('common.listen.text'))];
  },
});
