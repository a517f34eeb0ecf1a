/** What a server for voice assistants can be told. */

export interface WyomingOptions {
  /** The address to listen at; left out: 127.0.0.1. The protocol knows no keys. */
  readonly host?: string;
  readonly port?: number;
  /** Of all together; one address gets three quarters of them at most. */
  readonly connectionLimit?: number;
  /** A connection on which nothing happens for this long is ended. */
  readonly idleSeconds?: number;
  /** What the voices are offered for; left out: English. */
  readonly languages?: readonly string[];
}
