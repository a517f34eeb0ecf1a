/** What a part of a dialog that is code meets with. */
import type { Form } from '../forms/form.js';

/** A part of a dialog that the form leaves to code. */
export interface DialogPart {
  /** The dialog is open and filled. */
  prepare(dialog: Dialog): void;
  /** Properties that it keeps, when the dialog is closed by Done, and whenever they are asked for. */
  values?(): Readonly<Record<string, unknown>>;
  /** The dialog closes, either way. */
  close?(): void;
}

/** An open dialog. */
export interface Dialog {
  readonly form: Form;
  readonly node: RedNode;
  /** The place for a part of the form. */
  place(panel: string): JQuery;
  /** The properties as they stand, saved or not. */
  values(): Record<string, unknown>;
}
