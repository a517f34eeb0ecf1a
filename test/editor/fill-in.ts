/** Fills a dialog in, whatever fields it has, and says what the node must then hold. */
import { fieldsOf as formFieldsOf, FORMS } from '../../editor/forms/index.js';
import type { EditorPage } from './editor-page.js';

interface Field {
  readonly name: string;
  readonly kind: 'typed' | 'text' | 'switch' | 'choice';
  readonly types: readonly string[];
  readonly options: readonly string[];
  readonly checked: boolean;
}

declare const RED: { nodes: { getType(type: string): { defaults: Record<string, object> } } };
/** What the tests need of the page's own types, which Node.js does not have. */
interface FormElement {
  readonly type: string;
  readonly tagName: string;
  readonly checked: boolean;
  querySelectorAll(selector: string): Iterable<{ readonly value: string }>;
}
declare const document: { getElementById(id: string): FormElement | null };
interface Widget {
  options: { types: readonly (string | { value: string })[] };
}
declare const $: (selector: string) => {
  data(name: string): Widget | undefined;
  val(value: string): { trigger(event: string): void };
  prop(name: string, value: boolean): { trigger(event: string): void };
};

/** The fields of the dialog that is open, by the properties of its node. */
async function fieldsOf(editor: EditorPage, type: string, prefix: string): Promise<Field[]> {
  return await editor.page.evaluate(
    ([of, start]) => {
      const fields: Field[] = [];
      for (const [name, definition] of Object.entries(RED.nodes.getType(of!).defaults)) {
        const element = document.getElementById(`${start!}-${name}`);
        // Other nodes are chosen elsewhere, and hidden fields hold the types of typed inputs.
        if (element === null || 'type' in definition) continue;
        const widget = $(`#${start!}-${name}`).data('noderedTypedInput');
        if (widget === undefined && element.type === 'hidden') continue;
        fields.push({
          name,
          kind:
            widget !== undefined
              ? 'typed'
              : element.type === 'checkbox'
                ? 'switch'
                : element.tagName === 'SELECT'
                  ? 'choice'
                  : 'text',
          types: widget?.options.types.map((entry) => (typeof entry === 'string' ? entry : entry.value)) ?? [],
          options: [...element.querySelectorAll('option')].map((option) => option.value),
          checked: element.checked,
        });
      }
      return fields;
    },
    [type, prefix],
  );
}

export async function fillIn(editor: EditorPage, type: string, prefix: string): Promise<Record<string, unknown>> {
  const expected: Record<string, unknown> = {};
  const form = FORMS.find((other) => other.type === type)!;
  for (const [index, field] of (await fieldsOf(editor, type, prefix)).entries()) {
    const selector = `#${prefix}-${field.name}`;
    if (field.kind === 'typed') {
      const kind = field.types.includes('msg') ? 'msg' : field.types[0]!;
      const value = kind === 'msg' ? `request.${field.name}` : field.name;
      await editor.setTyped(selector, kind, value);
      expected[field.name] = value;
      expected[`${field.name}Type`] = kind;
    } else if (field.kind === 'switch') {
      expected[field.name] = !field.checked;
      await editor.page.evaluate(
        ([id, on]) =>
          $(id as string)
            .prop('checked', on as boolean)
            .trigger('change'),
        [selector, !field.checked],
      );
    } else {
      const inForm = formFieldsOf(form).find(({ name }) => name === field.name);
      const rule = inForm !== undefined && 'rule' in inForm ? inForm.rule : undefined;
      // Two ports are never the same.
      const text = rule === undefined ? field.name : String(rule.max - index);
      const value = field.kind === 'choice' ? field.options.at(-1)! : text;
      expected[field.name] = value;
      await editor.page.evaluate(([id, text]) => $(id!).val(text!).trigger('change'), [selector, value]);
    }
  }
  return expected;
}

/** What the node `id` holds of the properties of `expected`. */
export async function keptBy(
  editor: EditorPage,
  id: string,
  expected: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  return await editor.propertiesOf(id, Object.keys(expected));
}
