// A real system in a process of its own, behind a door that counts who is inside and can be shut.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../harness/free-port.ts';

export interface RunningSystem extends AsyncDisposable {
  /** The system itself, for the test. */
  readonly url: string;
  /** The same through the door, for the connector. */
  readonly doorUrl: string;
  inside(): number;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
}

export interface Start {
  readonly folder: string;
  readonly args: (port: number) => readonly string[];
  readonly env?: (port: number) => Readonly<Record<string, string>>;
  /** Answers with a success once the system is ready. */
  readonly ready: string;
}

/** How long a system may take to start. */
const startMs = 150_000;

export async function startSystem({ folder, args, env, ready }: Start): Promise<RunningSystem> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...args(port)], { cwd: folder, env: { ...process.env, ...env?.(port) }, stdio: 'pipe' });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'close');
  const until = Date.now() + startMs;
  while (!(await answers(`${url}${ready}`))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The system did not start:\n${Buffer.concat(said).toString('utf8')}`);
    }
    await pause(100);
  }
  const door = await openDoor(port);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    doorUrl: `http://127.0.0.1:${door.port}`,
    inside: door.inside,
    kill,
    async [Symbol.asyncDispose]() {
      await door.close();
      await kill();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function openDoor(port: number) {
  const inside = new Set<Socket>();
  const server = createServer((guest) => {
    const host = createConnection(port, '127.0.0.1');
    inside.add(guest);
    guest.pipe(host).pipe(guest);
    guest.on('error', () => host.destroy());
    host.on('error', () => guest.destroy());
    host.on('close', () => guest.destroy());
    guest.on('close', () => {
      inside.delete(guest);
      host.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    inside: () => inside.size,
    async close() {
      for (const guest of inside) guest.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
