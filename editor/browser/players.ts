/** The players in a dialog: what plays on this machine, what the network has, and a button to try them. */
import { LOUDSPEAKER } from '../../src/players/options.js';
import type { Dialog, DialogPart } from './dialog-part.js';
import { findRenderers, forgetRenderers, playText, type Renderer } from './found-players.js';
import { describeError, request, requestJson } from './server.js';

interface Programs {
  /** Empty: none is there. */
  readonly chosen: string;
  readonly programs: readonly {
    readonly name: string;
    readonly isReady: boolean;
    readonly devices: readonly { readonly name: string; readonly label: string }[];
  }[];
}

export function playersPart(): DialogPart {
  return {
    prepare(dialog) {
      forgetRenderers();
      const panel = new PlayersPanel(dialog);
      void panel.refresh();
    },
  };
}

/** The button that rings a chime where the dialog says. */
export function tryPart(): DialogPart {
  let running: AbortController | undefined;
  return {
    prepare(dialog) {
      const button = $('<button>', { type: 'button', class: 'red-ui-button higgs-try-button' });
      const status = $('<span>', { class: 'higgs-aside higgs-try-status', role: 'status' });
      const show = (text: string, isError = false) => status.text(text).toggleClass('higgs-error', isError);
      const label = () => {
        const [icon, key] = running === undefined ? (['fa-play', 'try'] as const) : (['fa-stop', 'stop'] as const);
        button.empty().append($('<i>', { class: `fa ${icon}` }), ` ${playText(key)}`);
      };
      label();
      dialog.place('try').append(button, ' ', status);
      button.on('click', () => {
        if (running !== undefined) {
          running.abort();
          return;
        }
        const asked = new AbortController();
        running = asked;
        label();
        show(playText('trying'));
        request('POST', 'players/try', { properties: dialog.values() }, asked.signal)
          .then(
            () => show(playText('tried')),
            (thrown: unknown) => show(asked.signal.aborted ? '' : describeError(thrown), !asked.signal.aborted),
          )
          .finally(() => {
            running = undefined;
            label();
          })
          .catch(() => undefined);
      });
    },
    close: () => running?.abort(),
  };
}

class PlayersPanel {
  private readonly here = $('<div>', { class: 'higgs-aside higgs-players-here' });
  private readonly list = $('<ul>', { class: 'higgs-shelf-list higgs-players-list' });
  private readonly status = $('<div>', { class: 'higgs-aside', role: 'status' });

  constructor(dialog: Dialog) {
    const again = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small higgs-players-search' });
    again.append($('<i>', { class: 'fa fa-search' }), ` ${playText('search')}`).on('click', () => {
      forgetRenderers();
      void this.refresh();
    });
    dialog
      .place('players')
      .append(this.here, this.list, this.status, $('<div>', { class: 'higgs-buttons' }).append(again));
  }

  async refresh(): Promise<void> {
    this.show([]);
    this.status.removeClass('higgs-error').text(playText('searching'));
    try {
      const programs = await requestJson<Programs>('GET', 'players/programs');
      this.showPrograms(programs);
      const found = await findRenderers();
      this.show(found);
      this.status.text(found.length === 0 ? playText('noneFound') : '');
    } catch (thrown) {
      this.status.text(describeError(thrown)).addClass('higgs-error');
    }
  }

  private showPrograms({ chosen, programs }: Programs): void {
    const names = programs.map(({ name }) => name).join(', ');
    this.here.text(chosen === '' ? playText('noProgram') : playText('programHere', { chosen, names }));
    // What can be chosen as a device, where the field is.
    const devices = programs.flatMap((program) => program.devices);
    const list = $('<datalist>', { id: 'higgs-play-devices' });
    list.append(devices.map(({ name, label }) => $('<option>', { value: name }).text(label)));
    $('#higgs-play-devices').remove();
    this.here.after(list);
    $('#node-input-device').attr('list', 'higgs-play-devices');
  }

  /** This machine can be chosen before the network has answered; a second search shows nobody twice. */
  private show(renderers: readonly Renderer[]): void {
    const known = [{ name: LOUDSPEAKER, model: playText('thisMachine') }, ...renderers];
    this.list.empty().append(known.map(({ name, model }) => this.row(name, model)));
  }

  private row(name: string, model: string): JQuery {
    const row = $('<li>').attr('data-player', name);
    row.append(
      $('<span>', { class: 'higgs-shelf-name' }).text(name),
      $('<span>', { class: 'higgs-aside' }).text(model),
    );
    const use = $('<button>', { type: 'button', class: 'red-ui-button red-ui-button-small' }).text(playText('use'));
    use.on('click', () => {
      $('#node-input-player').typedInput('type', 'player');
      $('#node-input-player').typedInput('value', name);
    });
    return row.append($('<span>', { class: 'higgs-shelf-buttons' }).append(use));
  }
}
