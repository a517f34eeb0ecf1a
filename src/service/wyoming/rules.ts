/** The numbers of a server for voice assistants, each once: default, range and unit. The editor reads them too: no imports. */
export const WYOMING_RULES = {
  port: { fallback: 10_200, min: 0, max: 65_535, integer: true, unit: '' },
  connectionLimit: { fallback: 64, min: 1, max: 65_535, integer: true, unit: 'connections' },
  idleSeconds: { fallback: 300, min: 0.1, max: 86_400, unit: 'seconds' },
} as const;
