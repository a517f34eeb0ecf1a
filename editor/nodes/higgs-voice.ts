import { define } from '../browser/define.js';
import { shelfPart } from '../browser/shelf.js';
import { textOf } from '../browser/texts.js';
import { forgetVoices, openAtClick, searchVoices } from '../browser/voices.js';
import { VOICE } from '../forms/voice.js';

export const definition = define(VOICE, {
  label() {
    const named = this.voiceNameType === 'str' ? this.voiceName : '';
    return textOf(this.name) || textOf(this.source === 'embedded' ? this.voice : named) || this._('voice.label');
  },
  parts: () => {
    forgetVoices();
    return [
      {
        prepare: () => {
          const voice = $('#node-input-voice').autoComplete({ minLength: 0, search: searchVoices });
          openAtClick(voice, () => true);
        },
      },
      shelfPart(),
    ];
  },
});
