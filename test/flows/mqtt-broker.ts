/** An MQTT broker on this machine, for flows that talk to one. */
import net from 'node:net';
import { Aedes } from 'aedes';

export class TestBroker {
  private constructor(
    readonly port: number,
    private readonly broker: Aedes,
    private readonly server: net.Server,
  ) {}

  static async start(): Promise<TestBroker> {
    const broker = await Aedes.createBroker();
    const server = net.createServer((socket) => void broker.handle(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestBroker((server.address() as net.AddressInfo).port, broker, server);
  }

  /** Settles when a client has subscribed to something. */
  nextSubscription(): Promise<void> {
    return new Promise((resolve) => void this.broker.once('subscribe', () => resolve()));
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.broker.close(() => resolve()));
    await new Promise((resolve) => this.server.close(resolve));
  }
}
