/** A UPnP renderer of our own, that behaves as it is told to, badly too. */
import dgram from 'node:dgram';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { escapeXml, readXml, textOf } from '../../src/players/upnp/xml.js';

export interface Behaviour {
  /** Plays each sound for so long; it does fetch it. */
  playMs?: number;
  /** Answers each action only after so long. */
  slowMs?: number;
  /** Actions that are refused: with a status, or with a SOAP fault of this code. */
  refuses?: Record<string, number>;
  /** Takes no metadata. */
  refusesMetadata?: boolean;
  /** Never fetches and never plays. */
  deaf?: boolean;
  /** Stays at PLAYING for ever. */
  stuck?: boolean;
  /** Says after Play that it failed. */
  fails?: boolean;
  mostVolume?: number;
}

const SERVICES = ['AVTransport', 'RenderingControl'] as const;

export class FakeRenderer {
  readonly actions: string[] = [];
  readonly fetched: Buffer[] = [];
  /** All that it was told to play, or to have ready. */
  readonly loaded: string[] = [];
  state = 'STOPPED';
  uri = '';
  metadata = '';
  volume = 40;
  relTime = '0:00:00';
  duration = '0:00:00';
  private timer: NodeJS.Timeout | undefined;
  private server: http.Server | undefined;
  location = '';

  private constructor(readonly behaviour: Behaviour) {}

  static async open(behaviour: Behaviour = {}): Promise<FakeRenderer> {
    const renderer = new FakeRenderer(behaviour);
    const server = http.createServer((request, response) => void renderer.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    renderer.server = server;
    renderer.location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/description.xml`;
    onTestFinished(() => renderer.close());
    return renderer;
  }

  close(): void {
    clearTimeout(this.timer);
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Answers SSDP's searches; gives the port that it does that at. */
  async beFound(): Promise<number> {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (text, { port, address }) => {
      if (!text.toString().startsWith('M-SEARCH')) return;
      socket.send(`HTTP/1.1 200 OK\r\nLOCATION: ${this.location}\r\nST: x\r\n\r\n`, port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    onTestFinished(() => void socket.close());
    return socket.address().port;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const send = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(text);
    };
    const { mostVolume = 100 } = this.behaviour;
    if (request.url === '/description.xml') send(200, description());
    else if (request.url === '/rendering.xml') send(200, volumeDescription(mostVolume));
    else await this.act(request, send);
  }

  private async act(request: http.IncomingMessage, send: (status: number, text: string) => void): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const action = /#(\w+)"$/.exec(String(request.headers.soapaction))?.[1] ?? '';
    const body = readXml(Buffer.concat(parts).toString())!;
    if (this.behaviour.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, this.behaviour.slowMs));
    this.actions.push(action);
    const refusal = this.refusal(action, body);
    if (refusal !== undefined) {
      const fault = `<s:Envelope><s:Body><s:Fault><errorCode>${refusal}</errorCode><errorDescription>No</errorDescription></s:Fault></s:Body></s:Envelope>`;
      send(500, refusal === 500 ? 'Oops' : fault);
      return;
    }
    const values = Object.entries(this.carryOut(action, body));
    const inner = values.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
    send(200, `<s:Envelope><s:Body><u:${action}Response>${inner}</u:${action}Response></s:Body></s:Envelope>`);
  }

  private refusal(action: string, body: NonNullable<ReturnType<typeof readXml>>): number | undefined {
    const { refuses = {}, refusesMetadata = false } = this.behaviour;
    if (action === 'SetAVTransportURI' && refusesMetadata && textOf(body, 'CurrentURIMetaData') !== '') return 714;
    return refuses[action];
  }

  private carryOut(action: string, body: NonNullable<ReturnType<typeof readXml>>): Record<string, string | number> {
    switch (action) {
      case 'GetTransportInfo':
        return {
          CurrentTransportState: this.state,
          CurrentTransportStatus:
            this.behaviour.fails === true && this.actions.includes('Play') ? 'ERROR_OCCURRED' : 'OK',
        };
      case 'GetMediaInfo':
        return { NrTracks: 1, CurrentURI: this.uri, CurrentURIMetaData: this.metadata };
      case 'GetPositionInfo':
        return { Track: 1, TrackDuration: this.duration, RelTime: this.relTime };
      case 'GetVolume':
        return { CurrentVolume: this.volume };
      case 'SetVolume':
        this.volume = Number(textOf(body, 'DesiredVolume'));
        return {};
      case 'SetAVTransportURI':
        this.uri = textOf(body, 'CurrentURI');
        this.loaded.push(this.uri);
        this.metadata = textOf(body, 'CurrentURIMetaData');
        return {};
      case 'Seek':
        this.relTime = textOf(body, 'Target');
        return {};
      case 'Stop':
        clearTimeout(this.timer);
        this.state = 'STOPPED';
        return {};
      case 'Play':
        if (this.behaviour.deaf !== true) this.begin();
        return {};
      default:
        return {};
    }
  }

  private begin(): void {
    this.state = 'PLAYING';
    fetch(this.uri)
      .then(async (answer) => this.fetched.push(Buffer.from(await answer.arrayBuffer())))
      .catch(() => undefined);
    if (this.behaviour.stuck === true) return;
    this.timer = setTimeout(() => (this.state = 'STOPPED'), this.behaviour.playMs ?? 100);
  }
}

function description(): string {
  const services = SERVICES.map(
    (name) => `<service><serviceType>urn:schemas-upnp-org:service:${name}:1</serviceType>
      <controlURL>/${name}</controlURL><SCPDURL>/rendering.xml</SCPDURL></service>`,
  );
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
    <deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType><friendlyName>Kitchen &amp; hall</friendlyName>
    <manufacturer>Test</manufacturer><modelName>One</modelName><UDN>uuid:${crypto.randomUUID()}</UDN>
    <serviceList>${services.join('')}</serviceList></device></root>`;
}

function volumeDescription(most: number): string {
  return `<scpd><serviceStateTable><stateVariable><name>Mute</name></stateVariable><stateVariable><name>Volume</name>
    <allowedValueRange><minimum>0</minimum><maximum>${most}</maximum></allowedValueRange></stateVariable></serviceStateTable></scpd>`;
}
