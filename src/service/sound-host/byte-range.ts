/** Which bytes a `Range` header asks for (RFC 9110, section 14). */
export type RangeAnswer =
  /** No header, one that is not understood, or several ranges: the sound as a whole, which is always allowed. */
  | { readonly kind: 'whole' }
  /** Both ends count: 0 and 1 are two bytes. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  /** Asks for bytes that are not there. */
  | { readonly kind: 'beyond' };

/** `byteCount` is the sound's length, 1 or more. */
export function readRange(header: string | undefined, byteCount: number): RangeAnswer {
  const found = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '');
  if (found === null) return { kind: 'whole' };
  const [from, to] = [found[1] ?? '', found[2] ?? ''];
  if (from === '' && to === '') return { kind: 'whole' };
  if (from === '') {
    const suffix = Number(to);
    if (suffix === 0) return { kind: 'beyond' };
    return { kind: 'part', first: Math.max(0, byteCount - suffix), last: byteCount - 1 };
  }
  const first = Number(from);
  const last = to === '' ? byteCount - 1 : Number(to);
  // An end before its start is no range, and such a header counts as not sent.
  if (last < first && to !== '') return { kind: 'whole' };
  if (first >= byteCount) return { kind: 'beyond' };
  return { kind: 'part', first, last: Math.min(last, byteCount - 1) };
}
