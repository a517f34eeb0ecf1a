import { FRAMES_PER_SECOND, type ProgressEvent } from '../../src/engine/index.js';
import { sharedText, type NodeAPI } from './node-red.js';

/** A call's progress in a few words, for a status. */
export function describeProgress(red: NodeAPI, event: ProgressEvent): string {
  switch (event.phase) {
    case 'queued':
      return sharedText(red, 'status.queued', { count: event.ahead });
    case 'converting':
      return sharedText(red, 'status.converting', { percent: percentOf(event.bytesDone, event.bytesTotal) });
    case 'loading':
      return sharedText(red, 'status.loading');
    case 'encoding':
      return sharedText(red, 'status.encoding');
    case 'prefill':
      return sharedText(red, 'status.prefill');
    case 'frames': {
      const seconds = (event.framesDone / FRAMES_PER_SECOND).toFixed(1);
      const of = event.segments > 1 ? ` ${event.segment + 1}/${event.segments}` : '';
      return sharedText(red, 'status.frames', { seconds }) + of;
    }
    case 'retrying':
      return sharedText(red, 'status.retrying', { segment: event.segment + 1, segments: event.segments });
  }
}

function percentOf(done: number, total: number): number {
  return total > 0 ? Math.floor((100 * done) / total) : 0;
}
