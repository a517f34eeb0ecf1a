import fs from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(__dirname, '..', '..', 'models', 'embedded', 'voices');

interface ShippedVoice {
  readonly name: string;
  readonly file: string;
  readonly transcript: string;
}

/** Read from the package, for voices are trained anew. */
function shippedVoices(): readonly ShippedVoice[] {
  return JSON.parse(fs.readFileSync(path.join(FOLDER, 'voices.json'), 'utf8')) as readonly ShippedVoice[];
}

export function embeddedVoiceNames(): string[] {
  return shippedVoices().map(({ name }) => name);
}

/** A voice that ships: the file of its clip and the words in it. */
export function embeddedVoice(name: string): { readonly clip: string; readonly transcript: string } {
  const found = shippedVoices().find((voice) => voice.name === name);
  if (found === undefined) throw new Error(`no embedded voice is called ${name}`);
  return { clip: path.join(FOLDER, found.file), transcript: found.transcript };
}
