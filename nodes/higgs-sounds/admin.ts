import type { NodeAPI } from '../common/node-red.js';
import { readText } from '../common/readers.js';
import { storedSoundsOf } from '../common/stored-sounds.js';
import { containerOf } from '../../src/players/index.js';
import { answered, bytesOf } from '../higgs-engine/admin/answer.js';

/**
 * The stored sounds:
 *
 *     GET    /higgs-tts/sounds         list
 *     GET    /higgs-tts/sounds/:name   the file
 *     POST   /higgs-tts/sounds/:name   keeps the file that is the body
 *     DELETE /higgs-tts/sounds/:name   remove
 */
export function serveStoredSounds(red: NodeAPI): void {
  const mayRead = red.auth.needsPermission('higgs-tts.read');
  const mayWrite = red.auth.needsPermission('higgs-tts.write');
  const one = '/higgs-tts/sounds/:name';
  red.httpAdmin.get(
    '/higgs-tts/sounds',
    mayRead,
    answered(async (_request, response) => {
      response.json(await storedSoundsOf(red).list());
    }),
  );
  red.httpAdmin.get(
    one,
    mayRead,
    answered(async (request, response) => {
      const bytes = await storedSoundsOf(red).read(readText(request.params.name, 'name'));
      response.type(containerOf(bytes)?.mediaType ?? 'application/octet-stream').send(Buffer.from(bytes));
    }),
  );
  red.httpAdmin.post(
    one,
    mayWrite,
    answered(async (request, response) => {
      await storedSoundsOf(red).put(readText(request.params.name, 'name'), await bytesOf(request));
      response.sendStatus(204);
    }),
  );
  red.httpAdmin.delete(
    one,
    mayWrite,
    answered(async (request, response) => {
      await storedSoundsOf(red).remove(readText(request.params.name, 'name'));
      response.sendStatus(204);
    }),
  );
}
