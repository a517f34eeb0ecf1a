import { ANNOUNCE } from './announce.js';
import { DIALOGUE } from './dialogue.js';
import { ENGINE } from './engine.js';
import { MUSIC } from './music.js';
import { PLAY } from './play.js';
import { SERVER } from './server.js';
import { SOUNDS } from './sounds.js';
import { SYNTHESIZE } from './synthesize.js';
import { VOICE } from './voice.js';

export { elementId, fieldsOf, fullKey, propertyNames, rowsOf, type Field, type Form, type FormRow } from './form.js';
export { templateOf } from './template.js';

/** Every node's dialog. */
export const FORMS = [ENGINE, VOICE, SYNTHESIZE, DIALOGUE, MUSIC, SERVER, ANNOUNCE, PLAY, SOUNDS] as const;
