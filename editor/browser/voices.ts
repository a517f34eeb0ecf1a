/** The voices of the engine that the open dialog has chosen. */
import { requestJson } from './server.js';

export interface Voice {
  readonly name: string;
  readonly origin: 'embedded' | 'registered';
  readonly description?: string;
  readonly durationSeconds?: number;
}

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
    (voices) => done(voices.filter((voice) => matches(voice, wanted)).map(completionOf)),
    () => done([]),
  );
};

function matches({ name, description = '' }: Voice, wanted: string): boolean {
  return name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted);
}

function completionOf({ name, description = '' }: Voice): CompletionEntry {
  const label = $('<div>').text(name);
  $('<small>', { class: 'higgs-aside' }).text(description).appendTo(label);
  return { value: name, label };
}
