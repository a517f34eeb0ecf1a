/** Where a path that is not absolute leads. */
import fs from 'node:fs';
import path from 'node:path';
import type { NodeAPI } from './node-red.js';

export type ReadFile = (file: string) => string;

/** As Node-RED's own file nodes do it: from `fileWorkingDirectory`, else from the working directory. */
export function fileToWrite(red: NodeAPI, file: string): string {
  return path.resolve(workingDirectory(red), file);
}

/** A file to read may also be given from the user directory, where packages and their files are installed. */
export function fileToRead(red: NodeAPI): ReadFile {
  return (file) => {
    const { userDir } = red.settings;
    const places = [workingDirectory(red), ...(userDir === undefined ? [] : [userDir])];
    const found = places.map((place) => path.resolve(place, file)).find((candidate) => fs.existsSync(candidate));
    return found ?? path.resolve(workingDirectory(red), file);
  };
}

function workingDirectory(red: NodeAPI): string {
  const { fileWorkingDirectory } = red.settings as { fileWorkingDirectory?: string };
  return fileWorkingDirectory ?? process.cwd();
}
