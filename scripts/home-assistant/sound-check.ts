/** A sound as another program hears it: the root's ffmpeg. */
import { spawnSync } from 'node:child_process';

export interface Heard {
  readonly seconds: number;
  /** Of the whole, against full scale. */
  readonly loudnessDb: number;
  /** `mp3`, `pcm_s16le`, … */
  readonly codec: string;
}

const RATE_HZ = 24_000;
/** Speech has some 15 characters a second; slower and faster than this is none, or not of that text. */
const CHARACTERS_PER_SECOND = { slowest: 5, fastest: 25 } as const;
const QUIETEST_DB = -40;

export async function fetchSound(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Throws where it is no sound, silent, or not as long as `text` takes. */
export function checkSpeech(root: string, sound: Uint8Array, text: string): Heard {
  const heard = hear(root, sound);
  const { slowest, fastest } = CHARACTERS_PER_SECOND;
  if (heard.seconds < text.length / fastest || heard.seconds > text.length / slowest + 1) {
    throw new Error(`${heard.seconds.toFixed(2)} s of sound for ${text.length} characters`);
  }
  if (!(heard.loudnessDb > QUIETEST_DB)) throw new Error(`the sound has ${heard.loudnessDb.toFixed(0)} dB`);
  return heard;
}

export function hear(root: string, sound: Uint8Array): Heard {
  const outAs = ['-f', 'f32le', '-ac', '1', '-ar', `${RATE_HZ}`, 'pipe:1'];
  const decoded = spawnSync('chroot', [root, 'ffmpeg', '-hide_banner', '-i', 'pipe:0', ...outAs], {
    input: sound,
    maxBuffer: 2 ** 28,
  });
  const told = decoded.stderr.toString();
  if (decoded.status !== 0) throw new Error(`no sound: ${told.slice(-300)}`);
  const { buffer, byteOffset, byteLength } = new Uint8Array(decoded.stdout);
  const samples = new Float32Array(buffer, byteOffset, Math.floor(byteLength / 4));
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return {
    seconds: samples.length / RATE_HZ,
    loudnessDb: 10 * Math.log10(energy / samples.length),
    codec: /Audio: (\w+)/.exec(told)?.[1] ?? 'unknown',
  };
}

export function figures({ seconds, loudnessDb, codec }: Heard): string {
  return `${codec}, ${seconds.toFixed(2)} s, ${loudnessDb.toFixed(0)} dB`;
}
