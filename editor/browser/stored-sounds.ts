/** The stored sounds: heard, deleted, and added from a file. */
import type { DialogPart } from './dialog-part.js';
import { describeError, request, requestJson } from './server.js';

interface StoredSound {
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
}

export function storedSoundsPart(): DialogPart {
  let panel: StoredSoundsPanel | undefined;
  return {
    prepare(dialog) {
      panel = new StoredSoundsPanel(dialog.place('sounds'));
      void panel.refresh();
    },
    close: () => panel?.stop(),
  };
}

class StoredSoundsPanel {
  private readonly list = $('<ul>', { class: 'higgs-shelf-list' });
  private readonly status = $('<div>', { class: 'higgs-aside', role: 'status' });
  private readonly audio = new Audio();

  constructor(place: JQuery) {
    const file = $('<input>', { type: 'file', accept: 'audio/*', class: 'higgs-sounds-file' }).hide();
    file.on('change', () => {
      const [chosen] = (file[0] as HTMLInputElement).files ?? [];
      // The file's name is the sound's, as far as it can be one.
      if (chosen !== undefined) {
        const name = chosen.name.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N} _-]+/gu, '-');
        this.change(() => request('POST', pathOf(name), chosen));
      }
      file.val('');
    });
    const add = this.button('upload', 'add', () => file.trigger('click'));
    place.append(this.list, this.status, $('<div>', { class: 'higgs-buttons' }).append(add, file));
  }

  stop(): void {
    this.audio.pause();
    URL.revokeObjectURL(this.audio.src);
  }

  async refresh(): Promise<void> {
    try {
      const sounds = await requestJson<readonly StoredSound[]>('GET', 'sounds');
      this.list.empty().append(sounds.map((sound) => this.row(sound)));
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private row({ name, bytes, mediaType }: StoredSound): JQuery {
    const row = $('<li>').attr('data-sound', name);
    const size = `${mediaType.replace('audio/', '')} · ${Math.max(1, Math.round(bytes / 1000))} kB`;
    row.append(
      $('<span>', { class: 'higgs-shelf-name' }).text(`sound:${name}`),
      $('<span>', { class: 'higgs-aside' }).text(size),
    );
    const buttons = $('<span>', { class: 'higgs-shelf-buttons' }).appendTo(row);
    buttons.append(
      this.button('play', 'play', () => void this.play(name)),
      this.button('trash-o', 'delete', () => this.change(() => request('DELETE', pathOf(name)))),
    );
    return row;
  }

  private async play(name: string): Promise<void> {
    try {
      this.stop();
      this.audio.src = URL.createObjectURL(await (await request('GET', pathOf(name))).blob());
      await this.audio.play();
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private change(work: () => Promise<unknown>): void {
    this.status.text('').removeClass('higgs-error');
    work().then(
      () => this.refresh(),
      (thrown: unknown) => this.fail(thrown),
    );
  }

  private fail(thrown: unknown): void {
    this.status.text(describeError(thrown)).addClass('higgs-error');
  }

  private button(icon: string, action: string, press: () => void): JQuery {
    const label = RED._(`@higgs-tts/node-red/higgs-sounds:sounds.panel.${action}`);
    const button = $('<button>', { type: 'button', class: `red-ui-button red-ui-button-small higgs-sounds-${action}` });
    button.attr({ title: label, 'aria-label': label });
    button.append($('<i>', { class: `fa fa-${icon}` }), action === 'add' ? ` ${label}` : '');
    return button.on('click', press);
  }
}

function pathOf(name: string): string {
  return `sounds/${encodeURIComponent(name)}`;
}
