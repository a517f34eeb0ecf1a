/** A device of ALSA by the name "heard", for what this process starts until `ALSA_CONFIG_PATH` is something else. */
import path from 'node:path';
import { alsaConfig, fileDevice } from '../../scripts/hear/recorders.js';

/** A device that writes what it plays into a WAV file; -> that file. */
export function recordingDevice(folder: string): string {
  const heard = path.join(folder, 'heard.wav');
  process.env.ALSA_CONFIG_PATH = alsaConfig(folder, fileDevice(heard));
  return heard;
}
