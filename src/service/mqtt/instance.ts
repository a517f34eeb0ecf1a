/**
 * Whether another announcer of the same id is about. A broker knows a client by its id and lets the older connection
 * go when a newer one comes, so two announcers of one id would take it from each other for ever, and each hear half of
 * what is sent. Each one therefore leaves a mark at the broker, retained, whenever it connects. One that finds another's
 * mark there, although it had left its own, is not alone.
 */
import { randomUUID } from 'node:crypto';
import { HiggsError } from '../../engine/index.js';

/** The announcers of this process, by the files in which they keep what waits. */
const inThisProcess = new Set<string>();

export class Instance {
  readonly mark: string;
  private hasLeftMark = false;

  constructor(private readonly id: string) {
    this.mark = `${id} ${randomUUID()}`;
  }

  /** The mark lies at the broker. */
  left(): void {
    this.hasLeftMark = true;
  }

  /** Whether `found`, which lay on the topic, is the mark of another announcer that came meanwhile. */
  isAnother(found: string): boolean {
    return this.hasLeftMark && found !== this.mark && found.startsWith(`${this.id} `);
  }
}

/** Throws HIGGS_ID_IN_USE where an announcer of this process has `file` already; gives what lets it go. */
export function claimFile(file: string, id: string): () => void {
  if (inThisProcess.has(file)) throw idInUse(id);
  inThisProcess.add(file);
  return () => inThisProcess.delete(file);
}

export function idInUse(id: string): HiggsError {
  return new HiggsError('HIGGS_ID_IN_USE', `Another announcer has the id "${id}" as well.`);
}
