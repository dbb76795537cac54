import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that cannot be confused with a later one of the same number, nor with one on another machine. */
export interface ProcessIdentity {
  /** Host name of its machine. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in a form of its system's own, with the boot it belongs to. Absent where the system does not tell. */
  readonly started?: string | undefined;
}

/** `elsewhere`: it belongs to another machine, and whether it runs is not known here. */
export type ProcessState = 'alive' | 'ended' | 'elsewhere';

let own: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  return (own ??= { machine: hostname(), pid: process.pid, started: startOf(process.pid) });
}

/** Whether a process still lives: its number may be another's by now. */
export function stateOf({ machine, pid, started }: ProcessIdentity): ProcessState {
  if (machine !== hostname()) return 'elsewhere';
  if (!isRunning(pid)) return 'ended';
  const now = startOf(pid);
  return started === undefined || now === undefined || started === now ? 'alive' : 'ended';
}

/** As one line, for a label. */
export function identityLine({ machine, pid, started = '' }: ProcessIdentity): string {
  return `${machine} ${pid} ${started}`.trim();
}

/** @returns `undefined` for what {@link identityLine} never wrote */
export function parseIdentity(line: string): ProcessIdentity | undefined {
  const [, machine, pid, started] = /^(\S+) (\d+)(?: (.+))?$/.exec(line) ?? [];
  return machine === undefined ? undefined : { machine, pid: Number(pid), started };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) return startInProc(pid);
  const { stdout, status } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() || undefined : undefined;
}

/** A stat file reads "pid (name) state parent …", and the 22nd field counts clock ticks since the machine started. */
function startInProc(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[22 - 3]}`;
  } catch {
    return undefined; // It has ended, or is hidden from this user.
  }
}
