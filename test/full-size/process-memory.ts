/** What Linux says of a process: memory and bytes read. */
import fs from 'node:fs';

/** In bytes. */
export interface ProcessMemory {
  /** Resident now: `anonymous` is the process's own, `file` are pages of files, which the system may drop. */
  readonly resident: number;
  readonly anonymous: number;
  readonly file: number;
  /** The most that was ever resident. */
  readonly peak: number;
}

export function processMemory(pid: number | 'self' = 'self'): ProcessMemory {
  const field = fieldReader(`/proc/${pid}/status`);
  return {
    resident: 1024 * field('VmRSS'),
    anonymous: 1024 * field('RssAnon'),
    file: 1024 * field('RssFile'),
    peak: 1024 * field('VmHWM'),
  };
}

/** Bytes that a process has asked its reads for, from the disk or the system's cache alike. */
export function bytesRead(pid: number | 'self' = 'self'): number {
  return fieldReader(`/proc/${pid}/io`)('rchar');
}

function fieldReader(file: string): (name: string) => number {
  const text = fs.readFileSync(file, 'utf8');
  return (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]);
}
