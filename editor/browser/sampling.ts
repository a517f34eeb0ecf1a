/** What the model itself takes where fields are left empty: shown in these fields, and in the engine's dialog. */
import { elementId, fieldsOf } from '../forms/form.js';
import type { Dialog, DialogPart } from './dialog-part.js';
import { visibleInput } from './dialog.js';
import { requestJson } from './server.js';
import { sharedText, textOf } from './texts.js';

interface SamplingValues {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly rasWindowFrames: number;
  readonly rasLimit: number;
}

const FIELDS = ['temperature', 'topP', 'topK'] as const;

/** Of a speaking node: each empty field shows what the chosen engine's model takes. */
export function samplingFieldsPart(): DialogPart {
  return {
    prepare: (dialog) => {
      const ask = latest((values) => FIELDS.forEach((name) => showValue(dialog, name, values?.[name])));
      const engine = $(`#${elementId(dialog.form, 'engine')}`);
      const look = () => ask(queryFor(engineNode(engine.val())));
      engine.on('change', look);
      look();
    },
  };
}

/** Of the engine: one line says what its model takes. */
export function samplingLinePart(): DialogPart {
  return {
    prepare: (dialog) => {
      const place = dialog.place('sampling');
      const ask = latest((values) =>
        place.text(values === null ? '' : sharedText('common.samplingOwn', { ...values })),
      );
      const look = () => ask(queryFor({ ...dialog.node, ...dialog.values() }));
      $('#node-config-input-model, #node-config-input-modelRepo').on('change', look);
      look();
    },
  };
}

function showValue(dialog: Dialog, name: string, value: number | undefined): void {
  const field = fieldsOf(dialog.form).find((each) => each.name === name);
  if (field?.kind !== 'typed' || field.rule === undefined) return;
  const { min, max } = field.rule;
  const range = `${min} – ${max}`;
  visibleInput($(`#${elementId(dialog.form, name)}`)).attr(
    'placeholder',
    value === undefined ? range : `${value} (${range})`,
  );
}

/** The engine's node as the editor has it, deployed or not. */
function engineNode(id: unknown): RedNode | undefined {
  return RED.nodes.node(textOf(id)) ?? undefined;
}

function queryFor(engine: Readonly<Record<string, unknown>> | undefined): string {
  const of = (name: string, value: unknown) => `${name}=${encodeURIComponent(textOf(value))}`;
  if (engine?.model === 'hub') return of('repo', engine.modelRepo);
  // Only the runtime knows where folders lead; it answers for what is deployed.
  return engine?.model === 'folder' ? of('engine', engine.id) : 'model=embedded';
}

/** Asks, and passes on the answer to the last question alone; null where nobody can tell. */
function latest(show: (values: SamplingValues | null) => void): (query: string) => void {
  let asked = 0;
  return (query) => {
    const question = ++asked;
    void requestJson<SamplingValues | null>('GET', `sampling?${query}`)
      // An engine that is not deployed yet, or whose settings are refused.
      .catch(() => null)
      .then((values) => {
        if (question === asked) show(values);
      });
  };
}
