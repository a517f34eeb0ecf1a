/** A sample that is asked of the server and heard as it comes. */
import { Player } from './player.js';
import { linesOf, request, ServerError } from './server.js';
import { sharedText } from './texts.js';
import { drawWaveform } from './waveform.js';

/** One line of the answer; the last one is `end` or `error`. */
type ListenLine =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'sound'; readonly sampleRateHz: number; readonly channelCount: number; readonly pcm16: string }
  | {
      readonly kind: 'end';
      readonly seconds: number;
      readonly workSeconds: number;
      /** What was said, as it was read. */
      readonly said: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'error'; readonly message: string; readonly remedy: string };

export interface ListenRequest {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly sample: string;
  readonly engine: string;
  /** The engine's own properties, where it is not deployed as the editor has it. */
  readonly engineProperties?: Readonly<Record<string, unknown>>;
}

/**
 * Asks for a sample and plays it; settles when it has been heard, rejects with what the server says, or when it is
 * stopped. `say` gets what happens in words, `told` at the end what was said and what there is to note.
 */
export async function playSample(
  asked: ListenRequest,
  signal: AbortSignal,
  say: (text: string) => void,
  canvas?: HTMLCanvasElement,
  told: (lines: readonly string[]) => void = () => undefined,
): Promise<void> {
  const player = new Player();
  const picture = canvas === undefined ? undefined : new HeardSound(canvas, player);
  const stop = () => void player.close();
  signal.addEventListener('abort', stop);
  try {
    const answer = await request('POST', 'listen', asked, signal);
    for await (const line of linesOf(answer)) {
      take(line as ListenLine, player, picture, say, told);
    }
    await player.heard();
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    picture?.end();
    await player.close();
  }
}

function take(
  line: ListenLine,
  player: Player,
  picture: HeardSound | undefined,
  say: (text: string) => void,
  told: (lines: readonly string[]) => void,
): void {
  if (line.kind === 'progress') say(line.text);
  else if (line.kind === 'sound') {
    const channels = channelsOf(line.pcm16, line.channelCount);
    player.add(channels, line.sampleRateHz);
    picture?.add(channels[0]!, line.sampleRateHz);
  } else if (line.kind === 'end') {
    const values = { seconds: line.seconds.toFixed(1), workSeconds: line.workSeconds.toFixed(1) };
    say(sharedText('status.done', values));
    told([...line.said, ...line.notes]);
  } else throw new ServerError(line.message, line.remedy);
}

/** The engine that a sample is to be spoken by, as the editor has it: it may not be deployed yet. */
export function engineOf(engine: string): Pick<ListenRequest, 'engine' | 'engineProperties'> {
  const node = RED.nodes.node(engine);
  return node == null ? { engine } : { engine, engineProperties: plainPropertiesOf(node) };
}

/** What came so far, drawn as it is heard. */
class HeardSound {
  private samples = new Float32Array(0);
  private seconds = 0;
  private frame = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly player: Player,
  ) {
    this.draw();
  }

  add(samples: Float32Array, sampleRateHz: number): void {
    const all = new Float32Array(this.samples.length + samples.length);
    all.set(this.samples);
    all.set(samples, this.samples.length);
    this.samples = all;
    this.seconds = all.length / sampleRateHz;
  }

  end(): void {
    cancelAnimationFrame(this.frame);
    drawWaveform(this.canvas, this.samples, 1);
  }

  private draw(): void {
    const share = this.seconds === 0 ? 0 : 1 - this.player.remainingSeconds / this.seconds;
    drawWaveform(this.canvas, this.samples, share);
    this.frame = requestAnimationFrame(() => this.draw());
  }
}

/** Base64 of interleaved little-endian 16-bit samples. */
function channelsOf(base64: string, channelCount: number): Float32Array<ArrayBuffer>[] {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const length = Math.floor(bytes.length / 2 / channelCount);
  return Array.from({ length: channelCount }, (_unused, channel) =>
    Float32Array.from(
      { length },
      (_sample, index) => view.getInt16(2 * (index * channelCount + channel), true) / 32768,
    ),
  );
}

function plainPropertiesOf(node: RedNode): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).filter(
      ([name, value]) => !name.startsWith('_') && ['string', 'number', 'boolean'].includes(typeof value),
    ),
  );
}
