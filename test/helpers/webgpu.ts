/** A WebGPU device for tests: that of a driver which is set, else SwiftShader, which needs no GPU. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** A Vulkan driver in software, as Debian's package `chromium` brings it with its own loader. */
const SWIFTSHADER_DIR = '/usr/lib/chromium';
const SWIFTSHADER = path.join(SWIFTSHADER_DIR, 'vk_swiftshader_icd.json');

/** For a process of its own: the loader reads the environment when it is loaded. */
export function webgpuEnvironment(): Record<string, string> {
  if (process.env.VK_ICD_FILENAMES !== undefined || !existsSync(SWIFTSHADER)) return {};
  const libraries = [process.env.LD_LIBRARY_PATH, SWIFTSHADER_DIR].filter((part) => part !== undefined).join(':');
  return { VK_ICD_FILENAMES: SWIFTSHADER, LD_LIBRARY_PATH: libraries };
}

/** Why a test is skipped where a process said `cause` of its WebGPU device; undefined where the device is not missing. */
export function missingWebgpu(cause: string): string | undefined {
  if (!/adapter/i.test(cause)) return undefined;
  return `no WebGPU adapter on this machine; install Debian's package "chromium" for SwiftShader (${cause.trim()})`;
}
