/** Devices of ALSA by the name "heard", for what this process starts until `ALSA_CONFIG_PATH` is something else. */
import fs from 'node:fs';
import path from 'node:path';

const USUAL = '/usr/share/alsa/alsa.conf';

/** A configuration in `folder`: the machine's own with one more device. */
export function alsaConfig(folder: string, device: string): string {
  const file = path.join(folder, 'alsa.conf');
  fs.writeFileSync(file, `${fs.readFileSync(USUAL, 'utf8')}\npcm.heard { ${device} }\n`);
  return file;
}

/** A device that writes what it plays into a WAV file; -> that file. */
export function recordingDevice(folder: string): string {
  const heard = path.join(folder, 'heard.wav');
  process.env.ALSA_CONFIG_PATH = alsaConfig(folder, `type file slave.pcm "null" file "${heard}" format "wav"`);
  return heard;
}
