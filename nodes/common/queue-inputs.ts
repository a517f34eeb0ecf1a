/** The inputs of all nodes whose messages wait in a line. */
import { CALL_RULES } from '../../src/engine/index.js';
import { SWITCHES } from './catalogue.js';
import type { InputTable } from './inputs.js';
import { readBoolean, readNumber } from './readers.js';

export const QUEUE_INPUTS = {
  priority: {
    property: 'priority',
    kind: 'num',
    read: readNumber(CALL_RULES.priority),
    fallback: CALL_RULES.priority.fallback,
  },
  interrupt: { property: 'interrupt', kind: 'bool', read: readBoolean, fallback: SWITCHES.interrupt },
} as const satisfies InputTable;
