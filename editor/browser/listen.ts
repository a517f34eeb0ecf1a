/** The Listen button: a sample with the settings as they stand, deployed or not, with its picture and a stop. */
import type { Dialog, DialogPart } from './dialog-part.js';
import { MissingModels } from './hub.js';
import { engineOf, playSample } from './sample.js';
import { describeError } from './server.js';
import { sharedText, textOf } from './texts.js';
import { chosenEngine } from './voices.js';
import { drawWaveform } from './waveform.js';

/** A person waits: more than this is no sample. */
const SAMPLE_LIMIT_CHARACTERS = 500;

export function listenPart(defaultSample: () => string): DialogPart {
  let stop: () => void = () => undefined;
  return {
    prepare: (dialog) => {
      const bar = new ListenBar(dialog, defaultSample());
      const missing = new MissingModels(
        $('<div>', { class: 'higgs-listen-hub' }).appendTo(dialog.place('listen')),
        reposOfEngine,
      );
      $('#node-input-engine').on('change', () => missing.look());
      missing.look();
      stop = () => {
        bar.stop();
        missing.close();
      };
    },
    close: () => stop(),
  };
}

/** What the chosen engine takes from the hub; it has to be here before it can be heard. */
function reposOfEngine(): readonly string[] {
  const engine = RED.nodes.node(chosenEngine());
  if (engine?.model !== 'hub') return [];
  return [textOf(engine.modelRepo), textOf(engine.codecRepo)].filter((repo) => repo !== '');
}

class ListenBar {
  private readonly button = $('<button>', { type: 'button', class: 'red-ui-button higgs-listen-button' });
  private readonly sample = $('<textarea>', {
    class: 'higgs-listen-sample',
    rows: 2,
    maxlength: SAMPLE_LIMIT_CHARACTERS,
  });
  private readonly canvas = $('<canvas>', { class: 'higgs-waveform' });
  private readonly status = $('<div>', { class: 'higgs-aside higgs-listen-status', role: 'status' });
  /** What was said, as it was read, a segment a line. */
  private readonly spoken = $('<div>', { class: 'higgs-aside higgs-listen-said' });
  private running: AbortController | undefined;

  constructor(
    private readonly dialog: Dialog,
    sample: string,
  ) {
    this.sample.val(sample).attr('aria-label', sharedText('common.listen.sample'));
    const row = $('<div>', { class: 'higgs-listen-row' }).append(this.sample, this.button);
    dialog.place('listen').append(row, this.canvas, this.status, this.spoken);
    this.button.on('click', () => (this.running === undefined ? void this.listen() : this.stop()));
    this.showButton();
    // Before the first sound there is nothing to see in it.
    this.canvas.hide();
  }

  stop(): void {
    this.running?.abort();
  }

  private async listen(): Promise<void> {
    const running = new AbortController();
    this.running = running;
    this.showButton();
    this.say(sharedText('common.listen.waiting'));
    this.show([]);
    this.canvas.show();
    drawWaveform(this.canvas[0] as HTMLCanvasElement, new Float32Array(0), 1);
    try {
      const { form } = this.dialog;
      const engine = engineOf(chosenEngine());
      const asked = { type: form.type, properties: this.dialog.values(), sample: String(this.sample.val()), ...engine };
      const canvas = this.canvas[0] as HTMLCanvasElement;
      await playSample(
        asked,
        running.signal,
        (text) => this.say(text),
        canvas,
        (lines) => this.show(lines),
      );
    } catch (thrown) {
      if (running.signal.aborted) this.say(sharedText('common.listen.stopped'));
      else this.say(describeError(thrown), true);
    } finally {
      this.running = undefined;
      this.showButton();
    }
  }

  private show(lines: readonly string[]): void {
    this.spoken.empty().append(lines.map((line) => $('<div>').text(line)));
  }

  private say(text: string, isError = false): void {
    this.status.text(text).toggleClass('higgs-error', isError);
  }

  private showButton(): void {
    const [icon, key] = this.running === undefined ? ['fa-play', 'listen'] : ['fa-stop', 'stop'];
    this.button.empty().append($('<i>', { class: `fa ${icon}` }), ` ${sharedText(`common.listen.${key}`)}`);
  }
}
