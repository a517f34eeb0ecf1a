/** What servers' headers say about a range of a file. Source: RFC 9110, sections 8.8.3, 10.2.3 and 14.4. */

/** Bytes [begin, end] of `total`; `total` is undefined where the server does not know it. */
export interface ContentRange {
  readonly begin: number;
  readonly end: number;
  readonly total?: number;
}

/** Undefined where the header is missing or no range of bytes. */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [begin, end] = [Number(match[1]), Number(match[2])];
  return { begin, end, ...(match[3] === '*' ? {} : { total: Number(match[3]) }) };
}

/**
 * What to do with an answer to the wish for bytes [offset, byteLength):
 * `append` it; `restart`, for it holds the file from its first byte; or `askAgain` for the whole file, for it holds
 * something else.
 */
export function judgeRange(
  status: number,
  contentRange: string | null,
  offset: number,
  byteLength: number,
): 'append' | 'restart' | 'askAgain' {
  if (status === 200) return offset === 0 ? 'append' : 'restart';
  const range = parseContentRange(contentRange);
  const fits = status === 206 && range?.begin === offset && (range.total ?? byteLength) === byteLength;
  return fits ? 'append' : 'askAgain';
}

/** Milliseconds from a Retry-After header, in seconds or as a date; undefined where it is neither. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** An ETag without quotes and weakness, as it names a blob. */
export function plainEtag(header: string | null): string | undefined {
  return header === null ? undefined : header.replace(/^W\//, '').replaceAll('"', '');
}
