/** The sidebar tab: each engine's state, asked for while it is seen. Loaded before all nodes, so older ones are updated here. */
import { migrate } from '../../nodes/common/migrations.js';
import { describeError, requestJson } from '../browser/server.js';

/** What the runtime tells of an engine. */
interface EngineState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly model: string;
  readonly device: string;
  readonly bits: number;
  readonly waiting: number;
  readonly running: boolean;
  readonly residentBytes?: number;
  /** Seconds of sound for each second of work, of the last speech. */
  readonly speed?: number;
  readonly voices: readonly string[];
  readonly warnings: readonly string[];
  readonly gpuCheck?: GpuCheck;
}

/** What `higgs-tts gpu-check` found on the machine that Node-RED runs on. */
interface GpuCheck {
  /** ISO 8601 */
  readonly checkedAt: string;
  readonly auto?: string;
  readonly devices: readonly {
    readonly device: string;
    readonly name: string;
    readonly failure?: string;
    readonly timesRealTime?: number;
    readonly timesRealTimeOfEight?: number;
  }[];
}

const ID = 'higgs-tts';
const EVERY_MS = 1000;
const text = (key: string, values?: Record<string, string | number>) =>
  RED._(`@higgs-tts/node-red/higgs-sidebar:sidebar.${key}`, values);

/** Brings an older node's properties into the form that its dialog knows. Nothing is written into a flow that is locked. */
function update(node: RedNode): void {
  if (RED.workspaces.isLocked(node.z)) return;
  const changes = Object.entries(migrate(node.type, node)).filter(([name, value]) => node[name] !== value);
  Object.assign(node, Object.fromEntries(changes));
}

class Sidebar {
  private asking = false;
  private shown = '';

  constructor(private readonly content: JQuery) {}

  /** One question at a time, and none while nobody looks. */
  async refresh(): Promise<void> {
    if (this.asking || document.hidden || !this.content.is(':visible')) return;
    this.asking = true;
    try {
      const engines = await requestJson<readonly EngineState[]>('GET', 'engines');
      const state = JSON.stringify(engines);
      if (state === this.shown) return;
      this.shown = state;
      this.content.empty().append(engines.map(section));
    } catch (thrown) {
      this.shown = '';
      this.content.empty().append($('<p>', { class: 'higgs-error' }).text(describeError(thrown)));
    } finally {
      this.asking = false;
    }
  }
}

function section(engine: EngineState): JQuery {
  const { name, state, model, device, bits, waiting, running, residentBytes, speed, voices, warnings, gpuCheck } =
    engine;
  const rows: [string, string][] = [
    ['state', text(`states.${state}`)],
    ['model', model],
    ['device', device === '' ? text('unknown') : device],
    ['bits', bits === 0 ? text('unknown') : String(bits)],
    ['memory', residentBytes === undefined ? '–' : `${Math.round(residentBytes / 1e6)} MB`],
    ['speed', speed === undefined ? '–' : text('times', { speed: speed.toFixed(2) })],
    ['queue', text(running ? 'speaking' : 'waiting', { count: waiting })],
    ['voices', voices.length === 0 ? '–' : voices.join(', ')],
    ['gpu', gpuCheck === undefined ? text('gpu-unchecked') : gpuText(gpuCheck)],
  ];
  const table = $('<table>').append(
    rows.map(([key, value]) =>
      $('<tr>').append($('<td>').text(text(key)), $('<td>', { class: `higgs-engine-${key}` }).text(value)),
    ),
  );
  return $('<section>')
    .attr('data-engine', engine.id)
    .append(
      $('<h4>').text(name === '' ? text('shared') : name),
      table,
      ...warnings.map((warning) => $('<p>', { class: 'higgs-error' }).text(warning)),
    );
}

/** Each device and how quick it is, then what `auto` takes and when that was found. */
function gpuText({ checkedAt, auto, devices }: GpuCheck): string {
  const lines = devices.map(({ device, name, failure, timesRealTime: alone, timesRealTimeOfEight: eight }) => {
    const speeds = [
      alone === undefined ? [] : [text('times', { speed: alone.toFixed(2) })],
      eight === undefined ? [] : [text('gpu-eight', { speed: eight.toFixed(2) })],
    ].flat();
    return `${device} (${name}): ${failure ?? (speeds.join(', ') || text('unknown'))}`;
  });
  const taken = auto === undefined ? [] : [text('gpu-auto', { device: auto })];
  return [...lines, ...taken, checkedAt.slice(0, 10)].join('; ');
}

RED.events.on('nodes:add', update);

RED.plugins.registerPlugin('higgs-tts-sidebar', {
  type: 'higgs-tts',
  onadd() {
    const content = $('<div>', { class: 'higgs-sidebar' });
    const sidebar = new Sidebar(content);
    RED.actions.add('higgs-tts:show-engines', () => RED.sidebar.show(ID));
    RED.sidebar.addTab({
      id: ID,
      name: text('name'),
      label: text('label'),
      iconClass: 'fa fa-volume-up',
      content,
      enableOnEdit: true,
      action: 'higgs-tts:show-engines',
    });
    setInterval(() => void sidebar.refresh(), EVERY_MS);
  },
});
