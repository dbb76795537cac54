import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Lab } from '../../../src/lab/lab.js';
import { differing, hostState } from './host-snapshot.js';

/** How and when a run is ended. */
export interface Kill {
  readonly number: number;
  readonly scenario: string;
  readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGHUP';
  /** After how many events: lines of progress and of the journal. */
  readonly events: number;
  /** How long after the last of them, in milliseconds. */
  readonly delayMs: number;
}

/** What came of a kill. */
export interface Killed extends Kill {
  /** What was said or journalled last before it. */
  readonly moment: string;
  readonly exitCode: number | null;
  readonly leftBefore: readonly string[];
  readonly gcExitCode: number | null;
  readonly gcSaid: string;
  readonly leftAfter: readonly string[];
}

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGKILL', 'SIGINT'] as const;

/** Each changes the host in another way: nftables, routes, a sysctl, iptables. */
const SCENARIOS = [
  'comment-host-kill-switch',
  'l3-host-route-overlaps',
  'l3-forwarding-off',
  'comment-host-masquerade',
];

/** A run with one scenario has at least as many, however it goes. */
const EVENTS = 12;

/** Twelve kills, the same for the same seed; the first is late enough to leave a changed host. */
export function seededKills(seed: number): readonly Kill[] {
  const random = mulberry(seed);
  return Array.from({ length: 12 }, (_, at) => ({
    number: at + 1,
    scenario: SCENARIOS[at % SCENARIOS.length] ?? '',
    signal: SIGNALS[at % SIGNALS.length] ?? 'SIGKILL',
    events: at === 0 ? EVENTS - 2 : 1 + Math.floor(random() * EVENTS),
    delayMs: Math.floor(random() * 300),
  }));
}

/** Runs a scenario in a lab, ends it at its moment, looks at the host, cleans up, and looks again. */
export async function carryOut(kill: Kill, lab: Lab, directory: string): Promise<Killed> {
  const before = await hostState(lab);
  mkdirSync(join(directory, 'journal'), { recursive: true, mode: 0o700 });
  const run = cli(directory, 'run', kill.scenario, '--engine', `lab:${lab.record.name}`, '-o', join(directory, 'out'));
  const ended = once(run, 'exit') as Promise<[number | null]>;
  const moment = await reached(run, kill, join(directory, 'journal'));
  run.kill(kill.signal);
  const [exitCode] = await ended;
  const leftBefore = differing(before, await hostState(lab));
  const gc = cli(directory, 'gc');
  const [said, complained] = [gc.stdout, gc.stderr].map((stream) => (stream ? text(stream) : ''));
  const [gcExitCode] = (await once(gc, 'exit')) as [number | null];
  const gcSaid = `${await said}${await complained}`;
  return {
    ...kill,
    moment,
    exitCode,
    leftBefore,
    gcExitCode,
    gcSaid,
    leftAfter: differing(before, await hostState(lab)),
  };
}

/** Waits until a run has come to a moment; returns the event that was the last before it. */
async function reached(run: ChildProcess, { events, delayMs }: Kill, journal: string): Promise<string> {
  const seen: string[] = [];
  const last = await new Promise<string>((resolve, reject) => {
    let journalled = 0;
    const happened = (...lines: readonly string[]) => {
      seen.push(...lines.filter(Boolean));
      if (seen.length >= events) resolve(seen[events - 1] ?? '');
    };
    const watcher = watch(journal, () => {
      const lines = journalLines(journal);
      happened(...lines.slice(journalled).map((line) => `journal: ${line.slice(0, 60)}`));
      journalled = Math.max(journalled, lines.length);
    });
    run.stderr?.on('data', (piece: Buffer) => happened(...piece.toString().split('\n')));
    run.once('exit', () => {
      watcher.close();
      reject(new Error(`it ended after ${seen.length} events: ${seen.join('\n')}`));
    });
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return last;
}

function journalLines(directory: string): readonly string[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  return files.flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n').filter(Boolean));
}

export function cli(directory: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, IPVLAN_DOCTOR_STATE: directory };
  return spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The kills as a table. */
export function killTable(kills: readonly Killed[]): string {
  const rows = kills.map(({ number, scenario, signal, moment, delayMs, leftBefore, leftAfter, exitCode, gcExitCode }) =>
    [
      ...[number, signal, scenario, `${delayMs} ms after "${moment}"`, `exit ${exitCode ?? 'by signal'}`],
      `${leftBefore.length} left${leftBefore.length > 0 ? `, such as ${leftBefore[0]}` : ''}`,
      `gc ${gcExitCode}: ${leftAfter.length} left`,
    ].join(' | '),
  );
  return ['kill | signal | scenario | moment | ended | before gc | after gc', ...rows].join('\n');
}

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
