/** Multicast DNS for tests: whether this machine has it, and who else would find a service. */
import { Bonjour, type Service } from 'bonjour-service';
import dgram from 'node:dgram';
import os from 'node:os';
import type { TestContext } from 'vitest';
import { skipBecause } from './programs.js';
import { until } from './waiting.js';

const GROUP = '224.0.0.251';
const ANSWER_MS = 1000;

/** Skips the test where a datagram to the group does not come back, or where there is no network to be found in. */
export async function skipWithoutMulticast(context: TestContext): Promise<void> {
  const isThere = isInNetwork() && (await comesBack());
  if (!isThere) skipBecause(context, 'no multicast here');
}

function isInNetwork(): boolean {
  const addresses = Object.values(os.networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.some(({ family, internal }) => family === 'IPv4' && !internal);
}

async function comesBack(): Promise<boolean> {
  const socket = dgram.createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), ANSWER_MS);
      socket.on('error', () => resolve(false));
      socket.on('message', () => resolve(true));
      socket.bind(0, () => {
        try {
          socket.addMembership(GROUP);
        } catch {
          resolve(false);
        }
        socket.send('here', socket.address().port, GROUP, () => undefined);
      });
    });
  } finally {
    socket.close();
  }
}

/** Looks for services of a type as another machine would, over the network, until it is closed. */
export function lookFor(type: string) {
  const bonjour = new Bonjour();
  const browser = bonjour.find({ type });
  const at = (port: number): Service | undefined => browser.services.find((service) => service.port === port);
  return {
    at,
    /** The service at this port, once it is there. */
    found: async (port: number): Promise<Service> => {
      await until(() => at(port) !== undefined);
      return at(port)!;
    },
    gone: (port: number) => until(() => at(port) === undefined),
    close: () => new Promise<void>((resolve) => bonjour.destroy(() => resolve())),
  };
}
