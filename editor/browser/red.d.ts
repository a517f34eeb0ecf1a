/** What we use of Node-RED's editor (4.1 and later): https://nodered.org/docs/api/ui/ and the editor's own sources. */

interface RedNode {
  readonly id: string;
  readonly type: string;
  _(key: string, values?: Readonly<Record<string, string | number>>): string;
  [property: string]: unknown;
}

/** What Node-RED hands a validator: it then takes a sentence, or a list of them, for "no". */
interface ValidatorOptions {
  readonly label?: string;
}

interface RedProperty {
  value: unknown;
  type?: string;
  required?: boolean;
  validate?(this: RedNode, value: unknown, options?: ValidatorOptions): boolean | string;
}

interface RedDefinition {
  category: string;
  color?: string;
  defaults: Record<string, RedProperty>;
  credentials?: Record<string, { readonly type: 'password' }>;
  inputs?: number;
  outputs?: number;
  icon?: string;
  paletteLabel?(this: RedNode): string;
  label(this: RedNode): string;
  labelStyle?(this: RedNode): string;
  inputLabels?: string;
  outputLabels?(this: RedNode, index: number): string;
  button?: {
    enabled?(this: RedNode): boolean;
    visible?(this: RedNode): boolean;
    onclick(this: RedNode): void;
  };
  oneditprepare?(this: RedNode): void;
  oneditsave?(this: RedNode): void;
  oneditcancel?(this: RedNode): void;
  oneditdelete?(this: RedNode): void;
}

interface RedTab {
  readonly id: string;
}

interface RedTabs {
  addTab(tab: { id: string; label: string; iconClass?: string }): void;
  activateTab(id: string): void;
}

interface RedApi {
  _(key: string, values?: Readonly<Record<string, string | number>>): string;
  nodes: {
    node(id: string): RedNode | null | undefined;
    dirty(): boolean;
  };
  plugins: { registerPlugin(id: string, plugin: { type: string; onadd?(): void }): void };
  settings: {
    get(key: 'auth-tokens'): { readonly access_token: string } | undefined;
    readonly apiRootUrl?: string;
    /** Exported by higgs-engine's runtime part. */
    readonly higgsEngineChimes?: readonly string[];
  };
  tabs: { create(options: { id: string; onchange(tab: RedTab): void }): RedTabs };
  sidebar: {
    addTab(tab: {
      id: string;
      name: string;
      label: string;
      iconClass: string;
      content: JQuery;
      pinned?: boolean;
      enableOnEdit?: boolean;
      action?: string;
      onchange?(): void;
      onremove?(): void;
    }): void;
    show(id: string): void;
  };
  actions: { add(name: string, action: () => void): void };
  events: { on(name: 'nodes:add', listener: (node: RedNode) => void): void };
  workspaces: { isLocked(id: unknown): boolean };
  notify(text: string, options: { type: 'error' | 'success' | 'warning'; timeout?: number }): void;
  utils: { validateTypedProperty(value: unknown, type: string, options?: ValidatorOptions): boolean | string };
  popover: { tooltip(target: JQuery, text: string): void };
}

declare const RED: RedApi;

interface CompletionEntry {
  readonly value: string;
  readonly label: JQuery | string;
}

type Completion = (value: string, done: (entries: readonly CompletionEntry[]) => void) => void;

interface TypedInputType {
  readonly value: string;
  readonly label: string;
  readonly icon?: string;
  readonly hasValue?: boolean;
  readonly autoComplete?: Completion;
}

interface JQuery {
  typedInput(options: { default: string; typeField: string; types: readonly (string | TypedInputType)[] }): this;
  typedInput(name: 'value' | 'type'): string;
  typedInput(name: 'width' | 'value' | 'type', value: string): this;
  autoComplete(options: { minLength: number; search: Completion }): this;
  editableList(options: {
    sortable?: boolean;
    removable?: boolean;
    height?: number | 'auto';
    addItem(container: JQuery, index: number, entry: object): void;
  }): this;
  editableList(name: 'addItem', entry: object): this;
  editableList(name: 'items'): JQuery;
}
