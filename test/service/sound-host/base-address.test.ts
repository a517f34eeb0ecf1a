import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { reachableHost } from '../../../src/service/sound-host/base-address.js';

const address = (text: string, internal = false): NetworkInterfaceInfo => ({
  address: text,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  ...(text.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});
const loopback = { lo: [address('127.0.0.1', true), address('::1', true)] };

test('the address that is bound to is the one that is given out', () => {
  const interfaces = { eth0: [address('192.168.1.20')] };
  expect(reachableHost('10.0.0.7', interfaces)).toBe('10.0.0.7');
  expect(reachableHost('fd00::7', interfaces)).toBe('[fd00::7]');
});

test.each(['', '0.0.0.0', '::'])('bound to all ("%s"), the house’s network comes first', (bound) => {
  const interfaces = {
    ...loopback,
    docker0: [address('172.17.0.1')],
    'br-4711': [address('172.18.0.1')],
    wg0: [address('10.8.0.2')],
    ppp0: [address('93.184.216.34')],
    wlan0: [address('fe80::1'), address('2001:db8::5'), address('192.168.1.20')],
  };
  expect(reachableHost(bound, interfaces)).toBe('192.168.1.20');
});

test.each([
  [
    'a public address of a real interface',
    { ...loopback, docker0: [address('172.17.0.1')], eth0: [address('93.184.216.34')] },
    '93.184.216.34',
  ],
  ['a container’s network, where there is no other', { ...loopback, docker0: [address('172.17.0.1')] }, '172.17.0.1'],
  [
    'IPv6, in brackets, never link-local',
    { ...loopback, eth0: [address('169.254.3.4'), address('fe80::1'), address('2001:db8::5')] },
    '[2001:db8::5]',
  ],
  ['this machine itself, without a network', loopback, '127.0.0.1'],
])('otherwise %s', (_, interfaces, expected) => {
  expect(reachableHost('', interfaces)).toBe(expected);
});
