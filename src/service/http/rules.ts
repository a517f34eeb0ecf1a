/** The numbers of an HTTP speech server, each once: its default, range and unit. The editor reads them too: no imports. */
export const HTTP_RULES = {
  port: { fallback: 8880, min: 0, max: 65_535, integer: true, unit: '' },
  bodyLimitBytes: { fallback: 262_144, min: 1024, max: 16_777_216, integer: true, unit: 'bytes' },
  bodySeconds: { fallback: 10, min: 0.1, max: 300, unit: 'seconds' },
  stallSeconds: { fallback: 30, min: 0.1, max: 600, unit: 'seconds' },
  requestsPerMinute: { fallback: 600, min: 1, max: 1_000_000, integer: true, unit: 'requests' },
  connectionLimit: { fallback: 256, min: 1, max: 65_535, integer: true, unit: 'connections' },
  speechLimit: { fallback: 64, min: 1, max: 10_000, integer: true, unit: 'requests' },
} as const;
