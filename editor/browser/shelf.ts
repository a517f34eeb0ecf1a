/** The voices that the engine knows: heard, renamed, deleted, exported to a file and imported from one. */
import type { DialogPart } from './dialog-part.js';
import { engineOf, playSample } from './sample.js';
import { describeError, request } from './server.js';
import { sharedText } from './texts.js';
import { chosenEngine, forgetVoices, voicesOf, type Voice } from './voices.js';

export function shelfPart(): DialogPart {
  let close: () => void = () => undefined;
  return {
    prepare(dialog) {
      const shelf = new Shelf(dialog.place('shelf'));
      close = () => shelf.stop();
      $('#node-input-engine').on('change', () => void shelf.refresh());
      void shelf.refresh();
    },
    close: () => close(),
  };
}

class Shelf {
  private readonly list = $('<ul>', { class: 'higgs-shelf-list' });
  private readonly status = $('<div>', { class: 'higgs-aside', role: 'status' });
  private playing: AbortController | undefined;

  constructor(place: JQuery) {
    const file = $('<input>', { type: 'file', accept: '.higgs-voice', class: 'higgs-shelf-file' }).hide();
    file.on('change', () => {
      const [chosen] = (file[0] as HTMLInputElement).files ?? [];
      if (chosen !== undefined) this.change(() => request('POST', `${this.path()}/import`, chosen));
      file.val('');
    });
    const add = this.button('upload', 'import', () => file.trigger('click'));
    place.append(this.list, this.status, $('<div>', { class: 'higgs-buttons' }).append(add, file));
  }

  stop(): void {
    this.playing?.abort();
  }

  async refresh(): Promise<void> {
    try {
      const voices = await voicesOf(chosenEngine());
      this.list.empty().append(voices.map((voice) => this.row(voice)));
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private row(voice: Voice): JQuery {
    const row = $('<li>').attr('data-voice', voice.name);
    const words = [
      sharedText(`common.shelf.${voice.origin}`),
      ...(voice.durationSeconds === undefined ? [] : [`${voice.durationSeconds.toFixed(1)} s`]),
      ...(voice.description === undefined ? [] : [voice.description]),
    ];
    const name = $('<span>', { class: 'higgs-shelf-name' }).text(voice.name);
    row.append(name, $('<span>', { class: 'higgs-aside' }).text(words.join(' · ')));
    const buttons = $('<span>', { class: 'higgs-shelf-buttons' }).appendTo(row);
    buttons.append(this.button('play', 'preview', () => void this.preview(voice)));
    if (voice.origin !== 'registered') return row;
    return row.append(
      buttons.append(
        this.button('pencil', 'rename', () => this.rename(row, voice)),
        this.button('download', 'export', () => void this.export(voice)),
        this.button('trash-o', 'delete', () => this.delete(row, voice)),
      ),
    );
  }

  private async preview(voice: Voice): Promise<void> {
    if (this.playing !== undefined) {
      this.stop();
      return;
    }
    const playing = new AbortController();
    this.playing = playing;
    const properties = { voice: voice.name, voiceType: 'voice' };
    const asked = {
      type: 'higgs-synthesize',
      properties,
      sample: sharedText('common.listen.text'),
      ...engineOf(chosenEngine()),
    };
    try {
      await playSample(asked, playing.signal, (text) => this.status.text(text).removeClass('higgs-error'));
    } catch (thrown) {
      if (!playing.signal.aborted) this.fail(thrown);
      else this.status.text(sharedText('common.listen.stopped'));
    } finally {
      this.playing = undefined;
    }
  }

  private rename(row: JQuery, voice: Voice): void {
    const input = $('<input>', { type: 'text', class: 'higgs-shelf-rename', maxlength: 64 }).val(voice.name);
    row.find('.higgs-shelf-name').empty().append(input);
    input.trigger('focus').on('keydown', (event) => {
      if (event.key === 'Escape') void this.refresh();
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.change(() => request('PUT', this.path(voice), { name: String(input.val()).trim() }));
    });
  }

  /** Asks once more, in place: what is deleted is gone. */
  private delete(row: JQuery, voice: Voice): void {
    const sure = this.button('trash-o', 'deleteSure', () => this.change(() => request('DELETE', this.path(voice))));
    row
      .find('.higgs-shelf-buttons')
      .empty()
      .append(
        sure.addClass('primary'),
        this.button('times', 'keep', () => void this.refresh()),
      );
  }

  private async export(voice: Voice): Promise<void> {
    try {
      const bytes = await (await request('GET', `${this.path(voice)}/export`)).blob();
      const address = URL.createObjectURL(bytes);
      const link = $('<a>', { href: address, download: `${voice.name}.higgs-voice` }).appendTo('body');
      link[0]!.click();
      link.remove();
      URL.revokeObjectURL(address);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private change(work: () => Promise<unknown>): void {
    this.status.text('').removeClass('higgs-error');
    work()
      .catch((thrown: unknown) => this.fail(thrown))
      .finally(() => {
        forgetVoices();
        void this.refresh();
      });
  }

  private fail(thrown: unknown): void {
    this.status.text(describeError(thrown)).addClass('higgs-error');
  }

  private path(voice?: Voice): string {
    const engine = `engines/${encodeURIComponent(chosenEngine())}/voices`;
    return voice === undefined ? engine : `${engine}/${encodeURIComponent(voice.name)}`;
  }

  private button(icon: string, action: string, press: () => void): JQuery {
    const label = sharedText(`common.shelf.${action}`);
    const wide = action === 'import' || action === 'deleteSure' || action === 'keep';
    const button = $('<button>', {
      type: 'button',
      class: `red-ui-button red-ui-button-small higgs-shelf-${action}`,
      title: label,
    });
    button.attr('aria-label', label).append($('<i>', { class: `fa fa-${icon}` }), wide ? ` ${label}` : '');
    return button.on('click', press);
  }
}
