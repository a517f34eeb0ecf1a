import { MESSAGE_PROPERTIES } from '../common/catalogue.js';
import { describeVoice } from '../common/describe-voice.js';
import type { InputTable } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readVoice } from '../common/readers.js';
import type { SpeakingRole } from '../common/speaking.js';
import { commonRequest, speakingInputs } from '../common/speaking-inputs.js';
import { readSpokenText } from '../common/spoken-text.js';
import { leaveOut } from '../common/values.js';

function synthesizeInputs(red: NodeAPI) {
  return {
    ...speakingInputs(red),
    /** An empty text reaches the engine, whose error says what to do. */
    text: { property: 'text', kind: 'msg', initial: MESSAGE_PROPERTIES.text, read: readSpokenText, fallback: '' },
    /** Empty: the model picks one. */
    voice: {
      message: 'voice',
      property: 'voice',
      read: readVoice(fileToRead(red)),
      fallback: undefined,
    },
  } as const satisfies InputTable;
}

/** One text in one voice. */
export function synthesizeRole(red: NodeAPI): SpeakingRole<ReturnType<typeof synthesizeInputs>> {
  return {
    inputs: synthesizeInputs(red),
    plan: (values) => {
      const { text, voice } = values;
      const request = { ...commonRequest(values), ...leaveOut({ voice }), text };
      return {
        text,
        voice: describeVoice(voice),
        request,
        channelCount: 1,
        speak: (engine, options) => engine.speak(request, options),
      };
    },
  };
}
