import { define } from '../browser/define.js';
import { listenPart } from '../browser/listen.js';
import { speakersPart } from '../browser/speakers.js';
import { samplingFieldsPart } from '../browser/sampling.js';
import { sharedText, textOf } from '../browser/texts.js';
import { forgetVoices } from '../browser/voices.js';
import { DIALOGUE } from '../forms/dialogue.js';

export const definition = define(DIALOGUE, {
  label() {
    return textOf(this.name) || this._('dialogue.label');
  },
  hidden: { outputs: { value: 1 } },
  outputLabels(index) {
    return this._(index === 0 ? 'dialogue.outputs.mix' : 'dialogue.outputs.stems');
  },
  parts: () => {
    forgetVoices();
    return [samplingFieldsPart(), speakersPart(), listenPart(() => sharedText('common.listen.dialogue'))];
  },
});
