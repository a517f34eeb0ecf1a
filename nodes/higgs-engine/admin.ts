import { HiggsError, type VoiceInfo } from '../../src/engine/index.js';
import { shareOf } from '../common/engine-settings.js';
import type { NodeAPI } from '../common/node-red.js';

/** One voice as the editor's lists need it. */
type VoiceEntry = Pick<VoiceInfo, 'name' | 'origin' | 'description' | 'durationSeconds'>;

/**
 * GET /higgs-tts/engines/:id/voices, for the editor's fields: the voices of a deployed engine, or those of the engine
 * that nodes without a choice share where `:id` is `default` or not deployed yet.
 */
export function serveVoices(red: NodeAPI): void {
  red.httpAdmin.get(
    '/higgs-tts/engines/:id/voices',
    red.auth.needsPermission('higgs-tts.read'),
    (request, response) => {
      const answer = async () => {
        const voices = await shareOf(red, request.params.id).ask((engine) => engine.voices());
        response.json(voices.map(entryOf));
      };
      answer().catch((thrown: unknown) => {
        const { code, message, remedy } = HiggsError.from(thrown);
        response.status(500).json({ code, message, remedy });
      });
    },
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
