/** What systems tell of their cards. The texts are as these programs print them. */
import { expect, test } from 'vitest';
import { parseNvidiaSmi, parseSystemProfiler, parseVulkanInfo, parseWindows } from '../../src/gpu-check/cards.js';

test('nvidia-smi: a card a line, memory in megabytes', () => {
  const text = 'NVIDIA GeForce RTX 4090, 550.90.07, 24564\nNVIDIA H100 80GB HBM3, 550.90.07, 81559\n';
  expect(parseNvidiaSmi(text)).toEqual([
    { name: 'NVIDIA GeForce RTX 4090', driver: '550.90.07', memoryMegabytes: 25757 },
    { name: 'NVIDIA H100 80GB HBM3', driver: '550.90.07', memoryMegabytes: 85521 },
  ]);
  expect(parseNvidiaSmi('')).toEqual([]);
  expect(parseNvidiaSmi('No devices were found\n')).toEqual([]);
});

test('vulkaninfo --summary: names and drivers of all devices', () => {
  const text = `Devices:
========
GPU0:
	apiVersion         = 1.3.274
	deviceType         = PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU
	deviceName         = Intel(R) UHD Graphics 630 (CFL GT2)
	driverName         = Intel open-source Mesa driver
	driverInfo         = Mesa 23.2.1
GPU1:
	deviceType         = PHYSICAL_DEVICE_TYPE_CPU
	deviceName         = llvmpipe (LLVM 15.0.7, 256 bits)
`;
  expect(parseVulkanInfo(text)).toEqual([
    { name: 'Intel(R) UHD Graphics 630 (CFL GT2)', driver: 'Intel open-source Mesa driver Mesa 23.2.1' },
    { name: 'llvmpipe (LLVM 15.0.7, 256 bits)' },
  ]);
  expect(parseVulkanInfo('ERROR: no drivers')).toEqual([]);
});

test('system_profiler of macOS', () => {
  const card = { _name: 'Apple M2', sppci_model: 'Apple M2', spdisplays_mtlgpufamilysupport: 'spdisplays_metal3' };
  expect(parseSystemProfiler(JSON.stringify({ SPDisplaysDataType: [card] }))).toEqual([
    { name: 'Apple M2', driver: 'spdisplays_metal3' },
  ]);
  expect(parseSystemProfiler('')).toEqual([]);
});

test('Windows: one card or several; memory of 4 GB and more is told of wrongly, so it is left out', () => {
  const small = { Name: 'Intel(R) UHD Graphics 620', DriverVersion: '31.0.101.2111', AdapterRAM: 1_073_741_824 };
  const large = { Name: 'NVIDIA GeForce RTX 3090', DriverVersion: '31.0.15.3699', AdapterRAM: 4_293_918_720 };
  expect(parseWindows(JSON.stringify(small))).toEqual([
    { name: 'Intel(R) UHD Graphics 620', driver: '31.0.101.2111', memoryMegabytes: 1074 },
  ]);
  expect(parseWindows(JSON.stringify([small, large]))[1]).toEqual({
    name: 'NVIDIA GeForce RTX 3090',
    driver: '31.0.15.3699',
  });
  expect(parseWindows('not found')).toEqual([]);
});
