import type { Lab } from '../../../src/lab/lab.js';
import { changeBetween, linesOf, parseHostState, READ_HOST_STATE } from '../../../src/topology/host-state.js';
import { DockerClient } from '../../engine/real/standing.js';

/** Runs a script on a host, where all of its namespaces and processes can be seen, and returns what it printed. */
export type OnHost = (script: string) => Promise<string>;

/** What else a host has besides its settings: each line of it begins with what it is. */
const ALSO: Readonly<Record<string, string>> = {
  table: 'nft list tables | grep ipvlan_doctor',
  instance: 'ls /proc/1/root/sys/kernel/tracing/instances',
  // Docker's own, in /run/docker/netns, go within a minute after their containers.
  netns: 'ls /proc/1/root/run/netns',
  namespace: 'lsns -n -o NS,TYPE | sort',
  file: 'ls -d /proc/1/root/run/ipvlan-doctor* /proc/1/root/etc/resolv.conf*; cat /proc/1/root/etc/resolv.conf',
  // The kernel's own threads come and go, and this script has a few programs of its own.
  process: `ps -e -o ppid=,pid=,args= | while read -r parent pid line; do case $parent:$pid:$line in 2:*|*:2:*|*"$LOOKING"*) ;; *) echo "$line" ;; esac; done | sort`,
};

/**
 * Names processes that say nothing of what was left: this script's own (its text, the file it may have come from, the programs it
 * starts), and udev's workers, which come with each link and end some seconds after it.
 */
const PASSING =
  /snapshot-of-this-host|^(?:ps|sort|ls|lsns|cat|sh|setsid|head)(?: |$)|ipvlan-doctor-ended-|^\(udev-worker\)$/;

const OBJECTS = ['ps -aq --no-trunc', 'network ls -q --no-trunc', 'volume ls -q', 'image ls -aq --no-trunc'] as const;

/**
 * Everything that a command may have changed on a host, as text to compare: links, addresses, rules, all route tables, permanent
 * neighbours, packet filters, sysctls, traffic control, namespaces, trace instances, processes and Docker objects. Without what
 * counts, ages or is learned.
 */
export async function snapshot(run: OnHost, docker: DockerClient): Promise<string> {
  const also = Object.entries(ALSO).map(([what, command]) => `{ ${command}; } 2>/dev/null | sed 's/^/${what} /'`);
  const script = ['LOOKING=snapshot-of-this-host', READ_HOST_STATE, "echo '== 0 also'", ...also].join('\n');
  const [settings = '', others = ''] = (await run(script)).split('== 0 also\n');
  const objects = await Promise.all(
    OBJECTS.map(async (command) =>
      (await docker.type(`docker ${command}`)).split('\n').map((id) => `${command} ${id}`),
    ),
  );
  const rest = others.split('\n').filter((line) => !PASSING.test(line.replace(/^process /, '')));
  return [...parseHostState(settings), ...rest, ...objects.flat()].sort().join('\n');
}

/** The same of a lab's host, read without Docker's help where it can be. */
export async function hostState(lab: Lab): Promise<string> {
  const docker = await DockerClient.towards(lab.env);
  return snapshot(async (script) => (await lab.exec(['/bin/sh', '-c', script])).stdout, docker);
}

/** How two snapshots differ, `+` for what is there now; empty when they are equal. */
export function differing(before: string, after: string): readonly string[] {
  return linesOf(changeBetween(new Set(before.split('\n')), new Set(after.split('\n'))));
}
