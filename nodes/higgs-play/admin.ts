/** What the dialog of higgs-play asks: the players that there are, and one of them heard. */
import { encodeSound, ringChime, SAMPLE_RATE_HZ } from '../../src/engine/index.js';
import {
  chooseProgram,
  devicesOf,
  discoverRenderers,
  playOn,
  programsHere,
  type AudioDevice,
} from '../../src/players/index.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { readInputs } from '../common/inputs.js';
import type { Node, NodeMessageInFlow } from '../common/node-red.js';
import { invalid } from '../common/readers.js';
import { soundHostsForEditor } from '../common/sound-hosts.js';
import { isRecord } from '../common/values.js';
import { answered, goneSignal } from '../higgs-engine/admin/answer.js';
import { loudspeakerOptions, PLAY_INPUTS } from './inputs.js';

interface ProgramEntry {
  readonly name: string;
  /** Whether it has a device to play on, as far as that is known. */
  readonly isReady: boolean;
  readonly devices: readonly AudioDevice[];
}

/** What is heard when a player is tried. */
const TRIED = 'ding-dong';
/** Before what flows play: a person waits. */
const PRIORITY = 10;

/**
 *     GET  /higgs-tts/players/programs    what plays on this machine: { chosen, programs }
 *     GET  /higgs-tts/players/renderers   who answers in the network, after two seconds
 *     POST /higgs-tts/players/try         { properties }: a chime on the players of a dialog, as it stands
 */
export function servePlayers(red: NodeAPI): void {
  const mayRead = red.auth.needsPermission('higgs-tts.read');
  const mayWrite = red.auth.needsPermission('higgs-tts.write');
  red.httpAdmin.get(
    '/higgs-tts/players/programs',
    mayRead,
    answered(async (_request, response) => {
      const found = await programsHere();
      const programs = await Promise.all(
        found.map(async (program): Promise<ProgramEntry> => ({
          name: program.program.name,
          isReady: program.isReady,
          devices: await devicesOf(program),
        })),
      );
      response.json({ chosen: found.length === 0 ? '' : chooseProgram(found, 'auto').program.name, programs });
    }),
  );
  red.httpAdmin.get(
    '/higgs-tts/players/renderers',
    mayRead,
    answered(async (_request, response) => {
      const devices = await discoverRenderers();
      response.json(devices.map(({ name, model, location }) => ({ name, model, location })));
    }),
  );
  red.httpAdmin.post(
    '/higgs-tts/players/try',
    mayWrite,
    answered(async (request, response) => {
      const body: unknown = request.body;
      if (!isRecord(body) || !isRecord(body.properties)) throw invalid('body', body, 'an object with "properties"');
      await ringOn(red, body.properties as Saved, goneSignal(response));
      response.sendStatus(204);
    }),
  );
}

async function ringOn(red: NodeAPI, saved: Saved, signal: AbortSignal): Promise<void> {
  const msg = { _msgid: '' } as NodeMessageInFlow;
  const node = { id: '' } as unknown as Node;
  const { player: players, volume } = await readInputs({ red, node, saved, msg, overrides: {} }, PLAY_INPUTS);
  const bytes = await encodeSound({ channels: [ringChime(TRIED)], sampleRateHz: SAMPLE_RATE_HZ }, 'wav16');
  const hosts = soundHostsForEditor(red, saved.sounds).join();
  try {
    const plays = players.map((player) =>
      playOn(
        player,
        { kind: 'bytes', bytes },
        {
          owner: 'editor',
          priority: PRIORITY,
          interrupt: false,
          signal,
          loudspeaker: loudspeakerOptions(saved),
          ...(volume === undefined ? {} : { volume }),
          publish: async (...sound) => (await hosts.host()).put(...sound),
        },
      ),
    );
    await Promise.all(plays);
  } finally {
    await hosts.leave();
  }
}
