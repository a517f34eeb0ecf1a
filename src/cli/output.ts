/** Where sound goes: a file that is there only when it is whole, or standard output as the sound comes. */
import fs from 'node:fs';
import { encodeWav } from '../engine/index.js';

/** Bytes before the samples in a WAV file of 16-bit PCM. */
const HEADER_BYTES = 44;
/** What a WAV header says where the length is not known yet. */
const UNKNOWN_LENGTH = 0xffff_ffff;

/** `speech.wav`, or `speech-2.wav`, …: the first name that is free in the working folder. */
export function freeFileName(): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'speech.wav' : `speech-${number}.wav`;
    if (!fs.existsSync(name)) return name;
  }
}

/** Writes chunks to `stream` as one WAV file of unknown length, 16-bit PCM, as players take it from a pipe. */
export class WavStream {
  private begun = false;

  constructor(private readonly stream: NodeJS.WritableStream) {}

  write(samples: Float32Array): void {
    const wav = Buffer.from(encodeWav(samples));
    if (this.begun) {
      this.stream.write(wav.subarray(HEADER_BYTES));
      return;
    }
    this.begun = true;
    wav.writeUInt32LE(UNKNOWN_LENGTH, 4);
    wav.writeUInt32LE(UNKNOWN_LENGTH, HEADER_BYTES - 4);
    this.stream.write(wav);
  }
}
