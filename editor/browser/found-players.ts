/** The players that completions offer: this machine's loudspeaker and what the network has. */
import { LOUDSPEAKER } from '../../src/players/options.js';
import { requestJson } from './server.js';

export interface Renderer {
  readonly name: string;
  readonly model: string;
  readonly location: string;
}

/** Asked once while a dialog is open: the search takes two seconds. */
let renderers: Promise<readonly Renderer[]> | undefined;

export function findRenderers(): Promise<readonly Renderer[]> {
  renderers ??= requestJson<readonly Renderer[]>('GET', 'players/renderers');
  return renderers;
}

export function forgetRenderers(): void {
  renderers = undefined;
}

export const searchPlayers: Completion = (value, done) => {
  // Of several names the last one is completed.
  const before = value.slice(0, value.lastIndexOf(',') + 1);
  const wanted = value.slice(before.length).trim().toLowerCase();
  findRenderers()
    .catch((): readonly Renderer[] => [])
    .then((found) => {
      const known = [{ name: LOUDSPEAKER, model: playText('thisMachine') }, ...found];
      const isChosen = known.some(({ name }) => name.toLowerCase() === wanted);
      const matching = known.filter(({ name }) => isChosen || name.toLowerCase().includes(wanted));
      done(matching.map(({ name, model }) => entry(before === '' ? name : `${before} ${name}`, name, model)));
    })
    .catch(() => undefined);
};

function entry(value: string, name: string, model: string): CompletionEntry {
  const label = $('<div>').text(name);
  $('<small>', { class: 'higgs-aside' }).text(model).appendTo(label);
  return { value, label };
}

/** A text of the node's own catalogue. */
export function playText(key: string, values?: Readonly<Record<string, string | number>>): string {
  return RED._(`@higgs-tts/node-red/higgs-play:play.panel.${key}`, values);
}
