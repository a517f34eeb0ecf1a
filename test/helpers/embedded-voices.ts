import fs from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(__dirname, '..', '..', 'models', 'embedded', 'voices');

/** A voice that ships: the file of its clip and the words in it. Read from the package, for voices are trained anew. */
export function embeddedVoice(name: string): { readonly clip: string; readonly transcript: string } {
  const voices = JSON.parse(fs.readFileSync(path.join(FOLDER, 'voices.json'), 'utf8')) as readonly {
    readonly name: string;
    readonly file: string;
    readonly transcript: string;
  }[];
  const found = voices.find((voice) => voice.name === name);
  if (found === undefined) throw new Error(`no embedded voice is called ${name}`);
  return { clip: path.join(FOLDER, found.file), transcript: found.transcript };
}
