/** Who is in the network: SSDP's search, answered by each device that is meant. */
import dgram from 'node:dgram';
import os from 'node:os';

const GROUP = '239.255.255.250';
const PORT = 1900;
/** Within so many seconds devices answer, each after a random pause. */
const ANSWER_SECONDS = 1;
const WAIT_MS = 2200;
/** UDP gets lost. */
const SEND_AGAIN_MS = 500;
const MOST_LOCATIONS = 200;

export const RENDERERS = 'urn:schemas-upnp-org:device:MediaRenderer:1';

/** One device that is asked by itself, where it is known. */
export interface SearchAt {
  readonly host: string;
  readonly port?: number;
}

/** Where the descriptions of those that answered lie. Never rejects: a network that takes nothing has nobody in it. */
export async function search(target: string, at?: SearchAt): Promise<readonly string[]> {
  const found = new Set<string>();
  const sockets = (at === undefined ? ownAddresses() : ['0.0.0.0']).map((address) =>
    ask(target, address, at, (location) => {
      if (found.size < MOST_LOCATIONS) found.add(location);
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  for (const close of sockets) close();
  return [...found];
}

function ask(target: string, address: string, at: SearchAt | undefined, tell: (location: string) => void): () => void {
  const { host = GROUP, port = PORT } = at ?? {};
  const socket = dgram.createSocket('udp4');
  let again: NodeJS.Timeout | undefined;
  const message = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${host}:${port}`,
    'MAN: "ssdp:discover"',
    `MX: ${ANSWER_SECONDS}`,
    `ST: ${target}`,
    '',
    '',
  ].join('\r\n');
  // An interface that is down, or a network without multicast: nobody is found there.
  const send = () => socket.send(message, port, host, () => undefined);
  socket.on('error', () => undefined);
  socket.on('message', (answer, { address: from }) => {
    const location = locationIn(answer.toString('latin1'), from);
    if (location !== undefined) tell(location);
  });
  socket.bind(0, address, () => {
    try {
      if (at === undefined) socket.setMulticastInterface(address);
      socket.setMulticastTTL(2);
    } catch {
      // As above.
    }
    send();
    again = setTimeout(send, SEND_AGAIN_MS);
  });
  return () => {
    clearTimeout(again);
    socket.close();
  };
}

/** The description's address in an answer; undefined where it is none of the host that answered. */
export function locationIn(answer: string, from: string): string | undefined {
  if (!/^HTTP\/1\.\d 200/.test(answer)) return undefined;
  const location = /^location:\s*(\S+)\s*$/im.exec(answer)?.[1];
  if (location === undefined || !URL.canParse(location)) return undefined;
  const { protocol, hostname } = new URL(location);
  return protocol === 'http:' && hostname === from ? location : undefined;
}

/** IPv4 addresses of this machine; of the loopback only where there is no other. */
function ownAddresses(): string[] {
  const all = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const fourth = all.filter(({ family }) => family === 'IPv4');
  const outside = fourth.filter(({ internal }) => !internal);
  return (outside.length > 0 ? outside : fourth).map(({ address }) => address);
}
