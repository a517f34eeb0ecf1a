/** The graphics cards of this machine as its system tells of them; what no program here tells is left out. */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Card {
  readonly name: string;
  readonly driver?: string;
  readonly memoryMegabytes?: number;
}

const run = promisify(execFile);
const LONGEST_MS = 10_000;
const DRM = '/sys/class/drm';
const WINDOWS_QUERY =
  'Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion,AdapterRAM | ConvertTo-Json';
/** Vendors of PCI, for systems where nothing but the kernel tells. */
const VENDORS: Readonly<Record<string, string>> = { '0x1002': 'AMD', '0x8086': 'Intel', '0x10de': 'NVIDIA' };

/** Never throws: a program that is missing tells of no card. */
export async function findCards(platform: NodeJS.Platform = process.platform): Promise<readonly Card[]> {
  const nvidia = parseNvidiaSmi(await outputOf('nvidia-smi', nvidiaQuery('name,driver_version,memory.total')));
  const others = await othersOf(platform);
  // Both may tell of the same card; NVIDIA's own program knows more of it.
  const isTold = ({ name }: Card): boolean => nvidia.some((card) => name.includes(card.name) || /nvidia/i.test(name));
  return [...nvidia, ...others.filter((card) => nvidia.length === 0 || !isTold(card))];
}

/** Memory of the first card that is in use, by all programs, in megabytes; undefined where nobody tells. */
export async function usedMegabytes(): Promise<number | undefined> {
  const [nvidia] = (await outputOf('nvidia-smi', nvidiaQuery('memory.used'))).trim().split('\n');
  if (nvidia !== undefined && /^\d+$/.test(nvidia.trim())) return mebibytes(nvidia);
  for (const device of await drmDevices()) {
    const used = await textOf(path.join(device, 'mem_info_vram_used'));
    if (used !== undefined) return Number(used) / 1e6;
  }
  return undefined;
}

async function othersOf(platform: NodeJS.Platform): Promise<readonly Card[]> {
  if (platform === 'darwin') {
    return parseSystemProfiler(await outputOf('system_profiler', ['SPDisplaysDataType', '-json']));
  }
  if (platform === 'win32') {
    return parseWindows(await outputOf('powershell', ['-NoProfile', '-Command', WINDOWS_QUERY]));
  }
  const vulkan = parseVulkanInfo(await outputOf('vulkaninfo', ['--summary']));
  return vulkan.length > 0 ? vulkan : await cardsOfKernel();
}

/** `name, driver, MiB` a line, as nvidia-smi prints it without header and units. */
export function parseNvidiaSmi(text: string): Card[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter(([name, driver, memory]) => name !== '' && driver !== undefined && /^\d+$/.test(memory ?? ''))
    .map(([name, driver, memory]) => ({ name: name!, driver: driver!, memoryMegabytes: mebibytes(memory!) }));
}

/** Devices of `vulkaninfo --summary`, software ones as well. */
export function parseVulkanInfo(text: string): Card[] {
  return text
    .split(/^GPU\d+:/m)
    .slice(1)
    .flatMap((part) => {
      const valueOf = (key: string): string | undefined => new RegExp(`^\\s*${key}\\s*=\\s*(.+)$`, 'm').exec(part)?.[1];
      const name = valueOf('deviceName');
      const driver = [valueOf('driverName'), valueOf('driverInfo')].filter((word) => word !== undefined).join(' ');
      return name === undefined ? [] : [{ name, ...(driver === '' ? {} : { driver }) }];
    });
}

/** macOS: the machine's memory is the card's too, which the system does not say here. */
export function parseSystemProfiler(text: string): Card[] {
  const found = jsonOf(text) as { SPDisplaysDataType?: Record<string, unknown>[] } | undefined;
  return (found?.SPDisplaysDataType ?? []).flatMap((card) => {
    const { sppci_model: name, spdisplays_mtlgpufamilysupport: family } = card;
    if (typeof name !== 'string') return [];
    return [{ name, ...(typeof family === 'string' ? { driver: family } : {}) }];
  });
}

/** Windows: `AdapterRAM` has 32 bits, so cards of 4 GB and more are told of wrongly, and their memory is left out. */
export function parseWindows(text: string): Card[] {
  const found = jsonOf(text);
  const list: unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return list.flatMap((entry) => {
    const { Name: name, DriverVersion: driver, AdapterRAM: memory } = entry as Record<string, unknown>;
    if (typeof name !== 'string') return [];
    const known = typeof memory === 'number' && memory > 0 && memory < 4e9;
    return [
      {
        name,
        ...(typeof driver === 'string' ? { driver } : {}),
        ...(known ? { memoryMegabytes: Math.round(memory / 1e6) } : {}),
      },
    ];
  });
}

/** Linux without any program of the driver's: vendor and kernel module. */
async function cardsOfKernel(): Promise<Card[]> {
  const cards: Card[] = [];
  for (const device of await drmDevices()) {
    const vendor = (await textOf(path.join(device, 'vendor'))) ?? '';
    const total = await textOf(path.join(device, 'mem_info_vram_total'));
    const driver = /^DRIVER=(.+)$/m.exec((await textOf(path.join(device, 'uevent'))) ?? '')?.[1];
    cards.push({
      name: `${VENDORS[vendor] ?? `vendor ${vendor}`}, device ${(await textOf(path.join(device, 'device'))) ?? '?'}`,
      ...(driver === undefined ? {} : { driver }),
      ...(total === undefined ? {} : { memoryMegabytes: Math.round(Number(total) / 1e6) }),
    });
  }
  return cards;
}

async function drmDevices(): Promise<string[]> {
  const names = await fs.readdir(DRM).catch(() => []);
  return names.filter((name) => name.startsWith('renderD')).map((name) => path.join(DRM, name, 'device'));
}

async function textOf(file: string): Promise<string | undefined> {
  return await fs.readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return await run(program, args, { timeout: LONGEST_MS, windowsHide: true }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

function nvidiaQuery(what: string): string[] {
  return [`--query-gpu=${what}`, '--format=csv,noheader,nounits'];
}

function mebibytes(text: string): number {
  return Math.round((Number(text) * 2 ** 20) / 1e6);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
