/** What a flow shows while it works, as answers: a result resolves the one that is awaited, an error rejects it. */
import type { EditorEvent, FlowNode, NodeRed } from './node-red.js';
import { say, show } from './progress.js';

const ANSWER_LIMIT_MS = 300_000;

/** `T`: what the flow's result node shows for one message. */
export class Answers<T> {
  private names: ReadonlyMap<string, string> = new Map();
  private readonly errorNodes: ReadonlySet<string>;
  private settle: { resolve(result: T): void; reject(error: Error): void } | undefined;

  constructor(private readonly flow: readonly FlowNode[]) {
    this.errorNodes = new Set(flow.filter((node) => node.type === 'catch').flatMap((node) => node.wires?.flat() ?? []));
  }

  /** Presses `button` and gives its answer; till then the statuses of the nodes behind it are shown. */
  async press(nodeRed: NodeRed, button: FlowNode): Promise<T> {
    const answer = this.next(button);
    // Where the press itself fails, nobody waits for the answer.
    answer.catch(() => undefined);
    await nodeRed.press(button.id);
    return Promise.race([answer, nodeRed.gone]);
  }

  take(event: EditorEvent): void {
    if (event.topic === 'status') {
      const name = this.names.get(event.node);
      if (this.settle !== undefined && name !== undefined && event.text !== '') show(`${name}: ${event.text}`);
    } else if (typeof event.message === 'string') {
      // A node's warning, which the sidebar shows too.
      say(`      note   ${event.message}`);
    } else if (this.errorNodes.has(event.node)) {
      const { error } = event.message as { error?: { message?: string } };
      this.settle?.reject(new Error(error?.message ?? 'The flow reports an error without a text.'));
    } else {
      this.settle?.resolve(event.message as T);
    }
  }

  private async next(button: FlowNode): Promise<T> {
    this.names = new Map(nodesBehind(this.flow, button).map((node) => [node.id, node.name ?? '']));
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.settle = { resolve, reject };
        timer = setTimeout(() => reject(new Error('There was no answer in time.')), ANSWER_LIMIT_MS);
      });
    } finally {
      this.settle = undefined;
      clearTimeout(timer);
    }
  }
}

function nodesBehind(flow: readonly FlowNode[], node: FlowNode): FlowNode[] {
  const next = flow.filter((other) => node.wires?.flat().includes(other.id));
  return next.flatMap((other) => [other, ...nodesBehind(flow, other)]);
}
