/**
 * What a call tells while it works: a few events a second, told apart by `phase`. The end of a call is its promise's,
 * not an event's. Frames have no total, for nobody knows it before the model ends.
 */
export type ProgressEvent =
  /** How many are served before it; told at each change. `paused`: its owner is paused, and its place is kept. */
  | { readonly phase: 'queued'; readonly ahead: number; readonly paused: boolean }
  /** The checkpoint is turned into graphs; happens once for each checkpoint and set of options. */
  | { readonly phase: 'converting'; readonly bytesDone: number; readonly bytesTotal: number }
  | { readonly phase: 'loading'; readonly part: 'language model' | 'codec' }
  | { readonly phase: 'encoding'; readonly durationSeconds: number }
  | { readonly phase: 'prefill'; readonly positionsDone: number; readonly positionsTotal: number }
  | {
      readonly phase: 'frames';
      readonly framesDone: number;
      readonly framesPerSecond: number;
      /** Which segment of a long text or line of a dialogue this is, from 0, and how many there are. */
      readonly segment: number;
      readonly segments: number;
    }
  /** An attempt at a segment cannot be right (`fault` says why in a word or two), so it is generated again with another seed. */
  | { readonly phase: 'retrying'; readonly segment: number; readonly segments: number; readonly fault: string };

export type OnProgress = (event: ProgressEvent) => void;
