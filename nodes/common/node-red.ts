/** Node-RED's types under short names, so that one file knows where they come from. */
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow, NodeStatus } from '@node-red/registry';

export type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow, NodeStatus };

/** One message for the first output, or a list with one for each. */
export type Send = (msg: NodeMessage | NodeMessage[]) => void;
export type Done = (error?: Error) => void;

/** A node as the flow file keeps it. Any property may be missing: flows are written by hand and by older versions too. */
export type Saved = NodeDef & Readonly<Record<string, unknown>>;

/** The catalogue that all nodes share; each node's own texts lie in its own. */
const SHARED_CATALOGUE = '@higgs-tts/node-red/higgs-engine';

/** A text of the shared catalogue in the runtime's language. */
export function sharedText(red: NodeAPI, key: string, values: Record<string, string | number> = {}): string {
  return red._(`${SHARED_CATALOGUE}:${key}`, values);
}
