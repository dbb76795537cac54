import type { Outcome } from '../../../src/evidence/evidence.js';
import { look } from '../../../src/probes/look.js';
import type { Looked, LookRequest } from '../../../src/probes/look-request.js';
import { TAGS_PER_LOOK } from '../../../src/probes/tags.js';
import type { CheckPlan, Over } from '../../../src/scenario/plan.js';
import type { Namespaces } from './namespaces.js';

export const ICMP: Over = { protocol: 'icmp' };
export const tcp = (port: number): Over => ({ protocol: 'tcp', port });

export function check(from: string, address: string, over: Over): CheckPlan {
  const id = `${from}>${address}/${JSON.stringify(over)}`;
  return {
    id,
    from,
    to: { label: address, node: undefined, name: undefined, address },
    over,
    expect: { kind: 'reachable' },
    line: undefined,
  };
}

/** The same check with its target given by name. */
export function named(one: CheckPlan, name: string): CheckPlan {
  return { ...one, to: { ...one.to, name } };
}

/** What the rows of the tables below state of an outcome of attempts. */
export function summary(outcome: Outcome): string {
  if (outcome.kind === 'broken') return `broken: ${outcome.error}`;
  if (outcome.kind !== 'attempts') return outcome.kind;
  return `${outcome.arrived}/${outcome.sent}${outcome.failure ? ` ${outcome.failure}` : ''}`;
}

/** Whether a check is carried out with socat, which not every machine has that runs these tests: the agent has it. */
export function looksUp({ over, to }: CheckPlan): boolean {
  return over.protocol === 'dns' || to.name !== undefined;
}

/** Whether this machine has a program. */
export async function has(net: Namespaces, program: string): Promise<boolean> {
  return (await net.run(`command -v ${program}`)).exitCode === 0;
}

/** Does something while a script is in the place of a program, which lies in /run/real meanwhile. */
export async function instead(
  net: Namespaces,
  [program, script]: readonly [string, string],
  work: () => Promise<void>,
) {
  await net.expect(`mkdir -p /run/real; cp "$(command -v ${program})" /run/real/${program}
cat >/run/${program} <<'END'
#!/bin/sh
${script}
END
chmod +x /run/${program}; mount --bind /run/${program} "$(command -v ${program})"`);
  try {
    await work();
  } finally {
    await net.expect(`umount "$(command -v ${program})"; rm /run/${program} /run/real/${program}`);
  }
}

/** A request for these checks alone. Each has tags of its own: NAT remembers those of the last minutes. */
export function requestOf(net: Namespaces, checks: readonly CheckPlan[], more: Partial<LookRequest> = {}): LookRequest {
  return {
    nodes: net.nodes,
    probes: checks.map((one) => ({ check: one, purpose: 'check' as const })),
    captures: [],
    traced: [],
    facts: false,
    resolver: '10.8.0.1',
    firstTag: (tag += TAGS_PER_LOOK),
    ...more,
  };
}

/** Looks at these checks alone. */
export function see(net: Namespaces, checks: readonly CheckPlan[], more: Partial<LookRequest> = {}): Promise<Looked> {
  return look(net, requestOf(net, checks, more));
}

let tag = 20_000;
