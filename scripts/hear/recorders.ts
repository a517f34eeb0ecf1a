/** Players that write what they play into a WAV file. */
import fs from 'node:fs';
import path from 'node:path';

/** ALSA's own configuration on Debian and its like. */
const USUAL = '/usr/share/alsa/alsa.conf';

/** A configuration in `folder`, for `ALSA_CONFIG_PATH`: the machine's own with one more device, "heard". */
export function alsaConfig(folder: string, device: string): string {
  const file = path.join(folder, 'alsa.conf');
  fs.writeFileSync(file, `${fs.readFileSync(USUAL, 'utf8')}\npcm.heard { ${device} }\n`);
  return file;
}

/** A device of ALSA that is heard by nobody, and keeps it all in `file`. */
export function fileDevice(file: string): string {
  return `type file slave.pcm "null" file "${file}" format "wav"`;
}

/** What `gmediarender` is started with to be found by `name` and to keep what it plays in `file`, in mono. */
export function recordingRenderer(name: string, file: string, sampleRateHz: number): string[] {
  const pipe = [
    'audioconvert',
    'audioresample',
    `audio/x-raw,format=S16LE,rate=${sampleRateHz},channels=1`,
    'wavenc',
    `filesink sync=true location="${file}"`,
  ];
  return ['-f', name, '-u', crypto.randomUUID(), '-o', 'gst', `--gstout-audiopipe=${pipe.join(' ! ')}`];
}
