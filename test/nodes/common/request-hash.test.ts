import { expect, test } from 'vitest';
import { hashOf } from '../../../nodes/common/request-hash.js';

test('a request’s hash is the same each time, and another for another text, voice or recording', () => {
  const request = { text: 'Yes.', voice: { kind: 'clip', clip: Buffer.from([1, 2]) } };
  const hash = hashOf(request);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf(structuredClone({ ...request, voice: { kind: 'clip', clip: new Uint8Array([1, 2]) } }))).toBe(hash);
  expect(hashOf({ ...request, text: 'No.' })).not.toBe(hash);
  expect(hashOf({ ...request, voice: { kind: 'clip', clip: Buffer.from([1, 3]) } })).not.toBe(hash);
});
