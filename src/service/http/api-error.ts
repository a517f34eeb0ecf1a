/** Errors as clients of OpenAI's API know them: a status, and `{"error": {message, type, param, code}}`. */
import { HiggsError, type HiggsErrorCode } from '../../engine/index.js';

interface ErrorDetails {
  /** The field of the request that is wrong. */
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is not served. `message` goes to whoever asked, so it holds nothing about this machine. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly param: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    { param, headers = {} }: ErrorDetails = {},
  ) {
    super(message);
    this.param = param;
    this.headers = headers;
  }

  get content(): { readonly error: object } {
    const { message, param = null, code } = this;
    return { error: { message, type: typeOf(this.status), param, code } };
  }

  body(): string {
    return JSON.stringify(this.content);
  }
}

export function invalid(param: string, message: string): ApiError {
  return new ApiError(400, 'invalid_value', message, { param });
}

/** `seconds`: when it is worth asking again; a client's library waits that long by itself. */
export function tooMany(code: string, message: string, seconds: number): ApiError {
  return new ApiError(429, code, message, { headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } });
}

/** When it is worth asking again where nobody can know. */
export const RETRY_SECONDS = 5;

/** What the client got wrong, and where. Messages of all other errors may name folders and stay here. */
const CLIENT_ERRORS: Partial<Record<HiggsErrorCode, string | undefined>> = {
  HIGGS_TEXT_EMPTY: 'input',
  HIGGS_TEXT_TOO_LONG: 'input',
  HIGGS_CONTEXT_FULL: 'input',
  HIGGS_VOICE_UNKNOWN: 'voice',
  HIGGS_VOICE_NAME_INVALID: 'voice',
  HIGGS_VOICE_EXISTS: 'name',
  HIGGS_VOICE_TRANSCRIPT_MISSING: 'transcript',
  HIGGS_CLIP_UNREADABLE: 'audio_sample',
  HIGGS_CLIP_SILENT: 'audio_sample',
  HIGGS_CLIP_TOO_SHORT: 'audio_sample',
  HIGGS_CLIP_TOO_LONG: 'audio_sample',
  HIGGS_FORMAT_UNAVAILABLE: 'response_format',
  HIGGS_OPTION_INVALID: undefined,
};
const UNAVAILABLE: readonly HiggsErrorCode[] = ['HIGGS_ABORTED', 'HIGGS_CLOSED', 'HIGGS_WORKER_GIVEN_UP'];

/** Anything thrown, as what a client may read. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const error = HiggsError.from(thrown);
  const { code, remedy } = error;
  if (Object.hasOwn(CLIENT_ERRORS, code)) {
    const param = CLIENT_ERRORS[code];
    return new ApiError(400, code, `${error.message} ${remedy}`, param === undefined ? {} : { param });
  }
  if (code === 'HIGGS_QUEUE_FULL') return tooMany(code, 'Too many requests wait already.', RETRY_SECONDS);
  if (code === 'HIGGS_REMOTE_UNREACHABLE') {
    const headers = { 'retry-after': String(RETRY_SECONDS) };
    return new ApiError(503, code, 'No server that speaks can be reached.', { headers });
  }
  if (code === 'HIGGS_REMOTE_REFUSED') {
    // Its own words may name the servers.
    return new ApiError(400, code, 'The servers that speak do not take this request.');
  }
  if (UNAVAILABLE.includes(code)) return new ApiError(503, code, 'The speech engine stopped this request.');
  return new ApiError(500, code, `The speech engine failed. ${remedy}`);
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
