/** The model from the hub: what of it is here, its licence, its download. The download runs on in the runtime. */
import type { DialogPart } from './dialog-part.js';
import { describeError, request, requestJson } from './server.js';
import { sharedText } from './texts.js';

/** What the runtime tells of one repository. */
interface HubModel {
  readonly repo: string;
  readonly state: 'absent' | 'here' | 'running' | 'licence' | 'failed' | 'stopped';
  readonly bytesDone?: number;
  readonly bytesTotal?: number;
  readonly bytesPerSecond?: number;
  readonly licence?: { readonly name: string; readonly link: string; readonly text?: string };
  readonly error?: { readonly message: string; readonly remedy: string };
}

const EVERY_MS = 700;

export function hubPart(): DialogPart {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    prepare(dialog) {
      const field = (name: string) => String($(`#node-config-input-${name}`).val()).trim();
      const panel = new HubPanel(dialog.place('hub'), () => [field('modelRepo'), field('codecRepo')]);
      const look = () => {
        if ($('#node-config-input-model').val() === 'hub') void panel.refresh();
      };
      timer = setInterval(look, EVERY_MS);
      $('#node-config-input-model').on('change', look);
      look();
    },
    close: () => clearInterval(timer),
  };
}

/** What the engine that a dialog has chosen still needs from the hub; nothing where all is here. */
export class MissingModels {
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `repos`: those that the engine needs now. */
  constructor(
    private readonly place: JQuery,
    private readonly repos: () => readonly string[],
  ) {}

  look(): void {
    clearInterval(this.timer);
    this.place.empty();
    if (this.repos().length === 0) return;
    const panel = new HubPanel(this.place, this.repos);
    const refresh = async () => {
      const isHere = await panel.refresh();
      this.place.toggle(!isHere);
      if (isHere) this.close();
    };
    this.place.hide();
    this.timer = setInterval(() => void refresh(), EVERY_MS);
    void refresh();
  }

  close(): void {
    clearInterval(this.timer);
  }
}

class HubPanel {
  private shown = '';
  private models: readonly HubModel[] = [];

  constructor(
    private readonly place: JQuery,
    private readonly repos: () => readonly string[],
  ) {}

  /** Whether all of them are on this machine. */
  async refresh(): Promise<boolean> {
    const wanted = [...new Set(this.repos().filter((repo) => repo !== ''))];
    const query = wanted.map((repo) => `repo=${encodeURIComponent(repo)}`).join('&');
    try {
      const models = await requestJson<readonly HubModel[]>('GET', `hub/models?${query}`);
      // A button that is drawn anew while it is pressed is not pressed: while only bytes come, only they are shown.
      const state = models.map((model) => `${model.repo} ${model.state}`).join();
      if (state !== this.shown) this.place.empty().append(models.map((model) => this.row(model)));
      this.shown = state;
      this.models = models;
      models.forEach((model, index) => {
        if (model.state === 'running')
          this.place.find('.higgs-hub-model').eq(index).find('.higgs-progress').replaceWith(progressOf(model));
      });
      return models.every(({ state }) => state === 'here');
    } catch (thrown) {
      this.place.empty().append($('<div>', { class: 'higgs-error' }).text(describeError(thrown)));
      return false;
    }
  }

  /** What is missing beside the model: it speaks with its codec alone, so that one button brings both. */
  private absentBeside(repo: string): readonly string[] {
    if (repo !== this.models[0]?.repo) return [];
    return this.models.filter((other) => other.state === 'absent' && other.repo !== repo).map((other) => other.repo);
  }

  private row(model: HubModel): JQuery {
    const row = $('<div>', { class: 'higgs-hub-model' });
    $('<div>', { class: 'higgs-hub-name' }).text(model.repo).appendTo(row);
    const state = $('<div>', { class: 'higgs-hub-state', role: 'status' }).appendTo(row);
    switch (model.state) {
      case 'here':
        state.append($('<i>', { class: 'fa fa-check' }), ` ${sharedText('common.hub.here')}`);
        break;
      case 'absent':
      case 'stopped':
        state.append(this.button('cloud-download', model.state === 'stopped' ? 'resume' : 'download', model.repo));
        break;
      case 'failed':
        state.append(this.button('repeat', 'resume', model.repo));
        $('<div>', { class: 'higgs-error' })
          .text(`${model.error?.message ?? ''} ${model.error?.remedy ?? ''}`)
          .appendTo(row);
        break;
      case 'running':
        state.append(progressOf(model), this.button('stop', 'cancel', model.repo));
        break;
      case 'licence':
        row.append(this.licence(model));
        break;
    }
    return row;
  }

  private licence({ repo, licence }: HubModel): JQuery {
    const { name = '', link = '', text = '' } = licence ?? {};
    const box = $('<div>', { class: 'higgs-licence' });
    $('<p>').text(sharedText('common.hub.licence', { name })).appendTo(box);
    if (text !== '') $('<pre>').text(text).appendTo(box);
    $('<a>', { href: link, target: '_blank', rel: 'noopener noreferrer' }).text(link).appendTo(box);
    const accept = this.button('check', 'accept', repo, link);
    const decline = this.button('times', 'cancel', repo);
    return box.append($('<div>', { class: 'higgs-buttons' }).append(accept, decline));
  }

  private button(
    icon: string,
    action: 'download' | 'resume' | 'cancel' | 'accept',
    repo: string,
    licence?: string,
  ): JQuery {
    const button = $('<button>', { type: 'button', class: `red-ui-button red-ui-button-small higgs-hub-${action}` });
    button.append($('<i>', { class: `fa fa-${icon}` }), ` ${sharedText(`common.hub.${action}`)}`);
    return button.on('click', () => {
      const asked =
        action === 'cancel'
          ? request('DELETE', `hub/pulls?repo=${encodeURIComponent(repo)}`)
          : Promise.all([
              request('POST', 'hub/pulls', { repo, ...(licence === undefined ? {} : { acceptedLicence: licence }) }),
              ...this.absentBeside(repo).map((other) => request('POST', 'hub/pulls', { repo: other })),
            ]);
      Promise.resolve<unknown>(asked).then(
        () => void this.refresh(),
        (thrown: unknown) => RED.notify(describeError(thrown), { type: 'error' }),
      );
    });
  }
}

function progressOf({ bytesDone = 0, bytesTotal = 0, bytesPerSecond = 0 }: HubModel): JQuery {
  const percent = bytesTotal > 0 ? Math.floor((100 * bytesDone) / bytesTotal) : 0;
  const bar = $('<div>', { class: 'higgs-bar' }).append($('<div>').css('width', `${percent}%`));
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
  const values = { percent, done: megabytes(bytesDone), total: megabytes(bytesTotal), rate: megabytes(bytesPerSecond) };
  return $('<div>', { class: 'higgs-progress' }).append(
    bar,
    $('<span>', { class: 'higgs-aside' }).text(sharedText('common.hub.progress', values)),
  );
}
