import { createHash } from 'node:crypto';

/** The same 16 hexadecimal digits for the same request, on any machine: what {hash} in a file's name stands for. */
export function hashOf(request: unknown): string {
  const text = JSON.stringify(request, function (this: Record<string, unknown>, name, value: unknown) {
    // What a Buffer's own toJSON makes of it is a list of numbers; `this` holds the Buffer still.
    const original = this[name];
    return original instanceof Uint8Array ? digest(original) : value;
  });
  return digest(text).slice(0, 16);
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
