/** How the editor's questions are answered: what goes wrong is told as code, message and remedy. */
import type { Request, Response } from 'express';
import { HiggsError, type HiggsErrorCode } from '../../../src/engine/index.js';

export type Answering = (request: Request, response: Response) => Promise<void>;

/** The largest voice file that is taken: a clip of 60 s at 192 kHz, float, stereo, is 92 MB. */
const BODY_LIMIT_BYTES = 100_000_000;

const STATUS: Partial<Record<HiggsErrorCode, number>> = {
  HIGGS_OPTION_INVALID: 400,
  HIGGS_VOICE_NAME_INVALID: 400,
  HIGGS_VOICE_UNKNOWN: 404,
  HIGGS_SOUND_MISSING: 404,
  HIGGS_VOICE_EXISTS: 409,
};

/** An express handler that never rejects. */
export function answered(work: Answering): (request: Request, response: Response) => void {
  return (request, response) => {
    work(request, response).catch((thrown: unknown) => {
      const error = HiggsError.from(thrown);
      if (response.headersSent) response.end();
      else response.status(STATUS[error.code] ?? 500).json(wordsOf(error));
    });
  };
}

/** An error as the editor shows it. */
export function wordsOf(thrown: unknown): { code: HiggsErrorCode; message: string; remedy: string } {
  const { code, message, remedy } = HiggsError.from(thrown);
  return { code, message, remedy };
}

/** An answer of one JSON value a line, each sent at once. */
export class LineAnswer {
  constructor(private readonly response: Response) {
    response.setHeader('content-type', 'application/x-ndjson');
    response.setHeader('cache-control', 'no-store');
    // A proxy that collects the answer would hold the sound back.
    response.setHeader('x-accel-buffering', 'no');
    response.flushHeaders();
  }

  line(value: object): void {
    if (!this.response.writableEnded) this.response.write(`${JSON.stringify(value)}\n`);
  }

  end(value: object): void {
    if (!this.response.writableEnded) this.response.end(`${JSON.stringify(value)}\n`);
  }
}

/** Aborted when the one who asked goes away. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  return gone.signal;
}

export async function bytesOf(request: Request): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > BODY_LIMIT_BYTES) throw new HiggsError('HIGGS_CLIP_TOO_LONG', 'The file is too large for a voice.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
