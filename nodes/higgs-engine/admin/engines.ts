import type { EngineInfo, EngineOptions } from '../../../src/engine/index.js';
import { rememberedCheck, type RememberedCheck } from '../../../src/engine/package-api.js';
import { shareForEditor } from '../../common/engine-settings.js';
import type { NodeAPI } from '../../common/node-red.js';
import { leaveOut } from '../../common/values.js';
import { answered, wordsOf } from './answer.js';

/** An engine as the sidebar shows it. */
interface EngineState extends Pick<
  EngineInfo,
  'model' | 'device' | 'bits' | 'waiting' | 'running' | 'residentBytes' | 'speed' | 'warnings'
> {
  /** A node's id, or `default`. */
  readonly id: string;
  /** The node's name; empty for the engine of the nodes without a choice. */
  readonly name: string;
  /** `broken`: its settings are refused, see `warnings`. */
  readonly state: EngineInfo['state'] | 'broken';
  readonly voices: readonly string[];
  /** What `higgs-tts gpu-check` found here; left out where it was never run. */
  readonly gpuCheck?: Pick<RememberedCheck, 'checkedAt' | 'auto' | 'devices'>;
}

/** GET /higgs-tts/engines: the deployed engines, and the one that nodes without a choice share. Starts none of them. */
export function serveEngines(red: NodeAPI): void {
  red.httpAdmin.get(
    '/higgs-tts/engines',
    red.auth.needsPermission('higgs-tts.read'),
    answered(async (_request, response) => {
      const names = new Map([['default', '']]);
      red.nodes.eachNode((node) => {
        const { id, type, name } = node;
        if (type === 'higgs-engine') names.set(id, name === '' ? type : name);
      });
      response.json(await Promise.all([...names].map(([id, name]) => stateOf(red, id, name))));
    }),
  );
}

async function stateOf(red: NodeAPI, id: string, name: string): Promise<EngineState> {
  try {
    const share = shareForEditor(red, id);
    const gpuCheck = await gpuCheckOf(share.options());
    return await share.ask(async (engine) => {
      const voices = (await engine.voices()).map((voice) => voice.name);
      const { state, model, device, bits, waiting, running, residentBytes, speed, warnings } = engine.info();
      const facts = { id, name, state, model, device, bits, waiting, running, voices, warnings };
      return { ...facts, ...leaveOut({ residentBytes, speed, gpuCheck }) };
    });
  } catch (thrown) {
    const { message } = wordsOf(thrown);
    const nothing = { model: '', device: '', bits: 0, waiting: 0, running: false, voices: [] };
    return { id, name, state: 'broken', ...nothing, warnings: [message] };
  }
}

async function gpuCheckOf({ cacheDir }: EngineOptions): Promise<EngineState['gpuCheck']> {
  const check = await rememberedCheck(cacheDir);
  if (check === undefined) return undefined;
  const { checkedAt, auto, devices } = check;
  return { checkedAt, devices, ...leaveOut({ auto }) };
}
