/** Each side ends, and comes back: what Home Assistant shows meanwhile, and whether it speaks again. */
import { announce, entitiesThere, entitiesUnavailable, type EntityIds } from './announcer-checks.js';
import type { House } from './house.js';
import { expect, type Report } from './report.js';
import type { Side } from './side.js';
import { figures } from './sound-check.js';
import { until } from './waiting.js';

export const BROKER_RESTART = 'a broker that is restarted';
export const SERVER_KILL = 'a server that is killed (SIGKILL)';
export const SERVER_RESTART = 'a server that is restarted';
export const HOME_RESTART = 'Home Assistant restarted';

export async function checkRestarts(report: Report, house: House, ids: EntityIds): Promise<void> {
  const { home, broker, server, homeAssistant } = house;
  const [, , voice] = (await home.state(ids.voice!)).attributes.options as string[] as [string, string, string];
  await home.act('select.select_option', { entity_id: ids.voice, option: voice });
  await until(`the voice is ${voice}`, async () => (await home.state(ids.voice!)).state === voice);

  /** Seconds until all entities are unavailable, and from the new start until all are back. */
  const away = async (side: Side, signal: 'SIGTERM' | 'SIGKILL') => {
    const endedMs = performance.now();
    await side.down(signal);
    await entitiesUnavailable(house, ids);
    const goneSeconds = (performance.now() - endedMs) / 1000;
    const startedMs = performance.now();
    await side.up();
    const found = await entitiesThere(house);
    const backSeconds = (performance.now() - startedMs) / 1000;
    expect(JSON.stringify(found) === JSON.stringify(ids), `other entities: ${Object.values(found).join(', ')}`);
    return `unavailable after ${goneSeconds.toFixed(1)} s, back after ${backSeconds.toFixed(1)} s`;
  };
  const speaksOn = async (text: string) => {
    const { state } = await home.state(ids.voice!);
    const heard = await announce(house, ids, text);
    expect(state === voice && heard.voice === voice, `the voice was ${voice}, is ${state}, and ${heard.voice} spoke`);
    return figures(heard);
  };

  await report.check(SERVER_KILL, async () => {
    const found = await away(server, 'SIGKILL');
    return `${found}; ${await speaksOn('The server is here again after a kill.')}`;
  });
  await report.check(SERVER_RESTART, async () => {
    const found = await away(server, 'SIGTERM');
    return `${found}; ${await speaksOn('The server is here again, and well.')}`;
  });
  await report.check(BROKER_RESTART, async () => {
    const found = await away(broker, 'SIGTERM');
    return `${found}; ${await speaksOn('The broker is here again.')}`;
  });
  await report.check(HOME_RESTART, async () => {
    await homeAssistant.down();
    await homeAssistant.up();
    await home.enter();
    await entitiesThere(house);
    return speaksOn('Home Assistant is here again.');
  });
}
