/** The numbers of an HTTP speech server, each once: its default, range and unit. The editor reads them too: no imports. */
export const HTTP_RULES = {
  port: { fallback: 8880, min: 0, max: 65_535, integer: true, unit: '' },
  /** A text of any length that engines take, and a clip of some eight seconds. */
  bodyLimitBytes: { fallback: 524_288, min: 1024, max: 16_777_216, integer: true, unit: 'bytes' },
  /** A voice that is added brings its clip along. */
  uploadLimitBytes: { fallback: 16_777_216, min: 1024, max: 104_857_600, integer: true, unit: 'bytes' },
  bodySeconds: { fallback: 10, min: 0.1, max: 300, unit: 'seconds' },
  stallSeconds: { fallback: 30, min: 0.1, max: 600, unit: 'seconds' },
  requestsPerMinute: { fallback: 600, min: 1, max: 1_000_000, integer: true, unit: 'requests' },
  connectionLimit: { fallback: 256, min: 1, max: 65_535, integer: true, unit: 'connections' },
  /** So long a sound is waited for whose request does not say whether it is to be streamed; then its head tells its length. */
  wholeSeconds: { fallback: 1, min: 0, max: 600, unit: 'seconds' },
  speechLimit: { fallback: 64, min: 1, max: 10_000, integer: true, unit: 'requests' },
} as const;
