/** What a person at a terminal sees while work goes on; nothing where standard error is no terminal. */
import type { ProgressEvent } from '../engine/index.js';

const CLEAR_LINE = '\r\u001b[K';

export class ProgressLine {
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  show(event: ProgressEvent): void {
    this.showText(describeProgress(event));
  }

  /** `text` is one line; what a narrow terminal has no room for is left out, or the line could not be cleared. */
  showText(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(CLEAR_LINE + text.slice(0, (this.stream.columns || 80) - 1));
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.stream.write(CLEAR_LINE);
    this.shown = false;
  }
}

export function describeProgress(event: ProgressEvent): string {
  switch (event.phase) {
    case 'queued':
      return `waiting, ${event.ahead} ahead`;
    case 'converting':
      return `converting the model, ${percent(event.bytesDone, event.bytesTotal)}`;
    case 'loading':
      return `loading the ${event.part}`;
    case 'encoding':
      return `listening to ${event.durationSeconds.toFixed(1)} s of the reference`;
    case 'prefill':
      return `reading the prompt, ${percent(event.positionsDone, event.positionsTotal)}`;
    case 'frames': {
      const segment = event.segments > 1 ? `, segment ${event.segment + 1} of ${event.segments}` : '';
      return `speaking, ${event.framesDone} frames, ${event.framesPerSecond.toFixed(0)} a second${segment}`;
    }
    case 'retrying':
      return `segment ${event.segment + 1} of ${event.segments} was ${event.fault}, once more`;
  }
}

function percent(done: number, total: number): string {
  return `${total > 0 ? Math.floor((100 * done) / total) : 0} %`;
}
