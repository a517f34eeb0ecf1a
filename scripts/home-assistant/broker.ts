/** A mosquitto for checks, which keeps what is retained over its restarts. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Side } from './side.js';

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** At 127.0.0.1. `login`: nobody is let in without it; left out: everybody is. `folder`: for its log and what it keeps. */
export function broker(folder: string, port: number, login?: Login): Side {
  return new Side({
    name: 'mosquitto',
    command: 'mosquitto',
    args: ['-c', configFile(folder, port, login)],
    logFile: path.join(folder, 'mosquitto.log'),
    answers: () => connects(port),
  });
}

function configFile(folder: string, port: number, login: Login | undefined): string {
  const lines = ['user root', `listener ${port} 127.0.0.1`, 'persistence true', `persistence_location ${folder}/`];
  if (login === undefined) {
    lines.push('allow_anonymous true');
  } else {
    const passwords = path.join(folder, 'passwords');
    execFileSync('mosquitto_passwd', ['-b', '-c', passwords, login.username, login.password], { stdio: 'pipe' });
    lines.push('allow_anonymous false', `password_file ${passwords}`);
  }
  const file = path.join(folder, 'mosquitto.conf');
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
