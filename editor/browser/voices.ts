/** The voices of the engine that the open dialog has chosen. */
import { requestJson } from './server.js';

export interface Voice {
  readonly name: string;
  readonly origin: 'embedded' | 'registered';
  readonly description?: string;
  readonly durationSeconds?: number;
}

const ARROW_DOWN = 40;

/** Asked once while a dialog is open. */
let known = new Map<string, Promise<readonly Voice[]>>();

export function forgetVoices(): void {
  known = new Map();
}

/** The engine chosen in the dialog; `default` where none is. */
export function chosenEngine(): string {
  const id = String($('#node-input-engine').val() ?? '');
  return id === '' || id === '_ADD_' || id === 'NONE' ? 'default' : id;
}

export function voicesOf(engine: string): Promise<readonly Voice[]> {
  const asked =
    known.get(engine) ?? requestJson<readonly Voice[]>('GET', `engines/${encodeURIComponent(engine)}/voices`);
  known.set(engine, asked);
  return asked;
}

export const searchVoices: Completion = (value, done) => {
  const wanted = value.toLowerCase();
  voicesOf(chosenEngine()).then(
    (voices) => {
      // A name that is whole is a choice that was made: the others are shown beside it.
      const isChosen = voices.some(({ name }) => name === value);
      done(voices.filter((voice) => isChosen || matches(voice, wanted)).map(completionOf));
    },
    () => done([]),
  );
};

/** Opens the list of `input` at a click, where what it takes now is completed by a list of ours. */
export function openAtClick(input: JQuery, isList: () => boolean): void {
  // As if a key had been pressed: the widget has no call for it.
  input.on('click', () => {
    if (isList()) input.trigger($.Event('keyup', { keyCode: ARROW_DOWN }));
  });
}

function matches({ name, description = '' }: Voice, wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted);
}

function completionOf({ name, description = '' }: Voice): CompletionEntry {
  const label = $('<div>').text(name);
  $('<small>', { class: 'higgs-aside' }).text(description).appendTo(label);
  return { value: name, label };
}
