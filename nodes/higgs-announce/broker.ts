import { HiggsError } from '../../src/engine/index.js';
import type { BrokerOptions } from '../../src/service/index.js';
import type { Node, NodeAPI } from '../common/node-red.js';
import { leaveOut } from '../common/values.js';

/** What Node-RED's own mqtt-broker node makes of its fields, credentials and TLS configuration. */
interface BrokerNode extends Node {
  readonly brokerurl?: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * The settings of an mqtt-broker node, which most flows have already, for a connection of our own. Its connection cannot
 * be shared: an announcer needs its own name at the broker, its own last will and a session that is kept, and it confirms
 * a message only when that is safe on the disk. Throws HIGGS_OPTION_INVALID where there is no such node.
 */
export function brokerOf(red: NodeAPI, id: unknown): BrokerOptions {
  const node = typeof id === 'string' && id !== '' ? (red.nodes.getNode(id) as BrokerNode | null) : null;
  const { brokerurl, options = {} } = node ?? {};
  if (typeof brokerurl !== 'string' || brokerurl === '') {
    throw new HiggsError('HIGGS_OPTION_INVALID', 'The option "broker" is not set; it takes an mqtt-broker node.');
  }
  const text = (name: string) =>
    typeof options[name] === 'string' && options[name] !== '' ? options[name] : undefined;
  const pem = (name: string) => (Buffer.isBuffer(options[name]) ? options[name] : text(name));
  return {
    url: brokerurl,
    // Of MQTT 3.1 nothing is left but its name; 3.1.1 is what such brokers speak too.
    protocolVersion: options.protocolVersion === 5 ? 5 : 4,
    ...leaveOut({
      username: text('username'),
      password: text('password'),
      ca: pem('ca'),
      cert: pem('cert'),
      key: pem('key'),
      passphrase: text('passphrase'),
      servername: text('servername'),
      rejectUnauthorized: typeof options.rejectUnauthorized === 'boolean' ? options.rejectUnauthorized : undefined,
    }),
  };
}
