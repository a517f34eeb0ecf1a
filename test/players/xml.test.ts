import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clockOf, didlOf, secondsOf } from '../../src/players/upnp/didl.js';
import { rendererIn } from '../../src/players/upnp/description.js';
import { locationIn } from '../../src/players/upnp/ssdp.js';
import { allNamed, escapeXml, readXml, textOf } from '../../src/players/upnp/xml.js';

describe('XML of devices', () => {
  test('is read with prefixes, comments, CDATA, entities and empty elements', () => {
    const root = readXml(
      '<?xml version="1.0"?>\n<!-- <a> --><s:a x="1>2"><b/><c>1 &lt; 2 &#x41;&#66;</c><d><![CDATA[<raw> & so]]></d></s:a>\n',
    )!;
    expect(root.name).toBe('a');
    expect(root.children.map(({ name }) => name)).toEqual(['b', 'c', 'd']);
    expect([textOf(root, 'c'), textOf(root, 'd'), textOf(root, 'e')]).toEqual(['1 < 2 AB', '<raw> & so', '']);
  });

  test.each(['', 'no', '<a>', '<a></b>', '<a', '<!--', '<a>'.repeat(200) + '</a>'.repeat(200), '</a>'])(
    'that is none, such as %j, is refused',
    (text) => {
      expect(readXml(text)).toBeUndefined();
    },
  );

  test('gives any text back as it was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const kept = text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '');
        expect(readXml(`<a>${escapeXml(kept)}</a>`)!.text).toBe(kept);
      }),
    );
  });

  test('in a description of a sound holds whatever its title and address have in them', () => {
    const url = 'http://a/b?c=1&d=<2>';
    const root = readXml(
      didlOf({ url, title: 'Salt & "Pepper"', mediaType: 'audio/wav', seconds: 61.5, byteCount: 7 }),
    )!;
    expect([textOf(root, 'res'), textOf(root, 'title')]).toEqual([url, 'Salt & "Pepper"']);
    expect(allNamed(root, 'res')).toHaveLength(1);
  });
});

test('clocks of UPnP are written and read', () => {
  expect(clockOf(3723.25)).toBe('1:02:03.250');
  expect([secondsOf('1:02:03.25'), secondsOf('00:00:07'), secondsOf('NOT_IMPLEMENTED')]).toEqual([3723.25, 7, 0]);
});

describe('a device in the network', () => {
  const answer = (location: string) => `HTTP/1.1 200 OK\r\nST: x\r\nLocation: ${location}\r\n\r\n`;

  test('is found where it says, as long as that is itself', () => {
    expect(locationIn(answer('http://192.168.1.7:49494/d.xml'), '192.168.1.7')).toBe('http://192.168.1.7:49494/d.xml');
    expect(locationIn(answer('http://192.168.1.8/d.xml'), '192.168.1.7')).toBeUndefined();
    expect(locationIn(answer('file:///etc/passwd'), '192.168.1.7')).toBeUndefined();
    expect(locationIn('NOTIFY * HTTP/1.1\r\nLocation: http://192.168.1.7/\r\n', '192.168.1.7')).toBeUndefined();
  });

  const described = (control: string) =>
    readXml(`<root><device><friendlyName>Hall</friendlyName><UDN>uuid:1</UDN><serviceList><service>
      <serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType><controlURL>${control}</controlURL>
      </service></serviceList></device></root>`)!;

  test('is a renderer where one of its devices has a transport, at its own host', () => {
    const found = rendererIn(described('/control'), 'http://192.168.1.7:80/a/d.xml');
    expect(found).toMatchObject({
      name: 'Hall',
      udn: 'uuid:1',
      transport: { controlUrl: 'http://192.168.1.7/control' },
    });
    expect(rendererIn(described('http://10.0.0.1/control'), 'http://192.168.1.7/d.xml')).toBeUndefined();
    expect(rendererIn(readXml('<root><device/></root>')!, 'http://192.168.1.7/')).toBeUndefined();
  });
});
