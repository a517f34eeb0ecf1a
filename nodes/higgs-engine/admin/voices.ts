import type { VoiceInfo } from '../../../src/engine/index.js';
import { shareForEditor } from '../../common/engine-settings.js';
import type { NodeAPI } from '../../common/node-red.js';
import { readText } from '../../common/readers.js';
import { isRecord } from '../../common/values.js';
import { answered, bytesOf } from './answer.js';

/** One voice as the editor's lists need it. */
type VoiceEntry = Pick<VoiceInfo, 'name' | 'origin' | 'description' | 'durationSeconds'>;

/**
 * The voices of a deployed engine, or those of the engine that nodes without a choice share where `:id` is `default` or
 * not deployed yet:
 *
 *     GET    /higgs-tts/engines/:id/voices                list
 *     DELETE /higgs-tts/engines/:id/voices/:name          remove
 *     PUT    /higgs-tts/engines/:id/voices/:name          rename, to `name` of the body
 *     GET    /higgs-tts/engines/:id/voices/:name/export   the voice as one file
 *     POST   /higgs-tts/engines/:id/voices/import         keeps the voice in the file that is the body
 */
export function serveVoices(red: NodeAPI): void {
  const mayRead = red.auth.needsPermission('higgs-tts.read');
  const mayWrite = red.auth.needsPermission('higgs-tts.write');
  const voices = '/higgs-tts/engines/:id/voices';

  red.httpAdmin.get(
    voices,
    mayRead,
    answered(async (request, response) => {
      const list = await shareForEditor(red, request.params.id).ask((engine) => engine.voices());
      response.json(list.map(entryOf));
    }),
  );
  red.httpAdmin.delete(
    `${voices}/:name`,
    mayWrite,
    answered(async (request, response) => {
      const { id, name } = request.params;
      await shareForEditor(red, id).ask((engine) => engine.removeVoice(readText(name, 'name')));
      response.sendStatus(204);
    }),
  );
  red.httpAdmin.put(
    `${voices}/:name`,
    mayWrite,
    answered(async (request, response) => {
      const { id, name } = request.params;
      const body: unknown = request.body;
      const to = readText(isRecord(body) ? body.name : undefined, 'name');
      response.json(
        entryOf(await shareForEditor(red, id).ask((engine) => engine.renameVoice(readText(name, 'name'), to))),
      );
    }),
  );
  red.httpAdmin.get(
    `${voices}/:name/export`,
    mayRead,
    answered(async (request, response) => {
      const { id, name } = request.params;
      const file = await shareForEditor(red, id).ask((engine) => engine.exportVoice(readText(name, 'name')));
      response.type('application/octet-stream').send(Buffer.from(file));
    }),
  );
  red.httpAdmin.post(
    `${voices}/import`,
    mayWrite,
    answered(async (request, response) => {
      const file = await bytesOf(request);
      const { voice } = await shareForEditor(red, request.params.id).ask((engine) => engine.importVoice(file));
      response.json(entryOf(voice));
    }),
  );
}

function entryOf({ name, origin, description, durationSeconds }: VoiceInfo): VoiceEntry {
  return {
    name,
    origin,
    ...(description === undefined ? {} : { description }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
  };
}
