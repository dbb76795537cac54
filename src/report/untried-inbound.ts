import type { Evidence } from '../evidence/evidence.js';
import type { Socket } from '../evidence/facts.js';
import { isService } from '../network/listening.js';
import type { NodeKind } from '../scenario/plan.js';
import type { CheckResult } from './result.js';

/** Nodes that stand outside the Docker host: only what they send shows whether a container can be reached. */
const OUTSIDE: ReadonlySet<NodeKind> = new Set(['gateway', 'peer', 'internet']);

/** More names than these are counted. */
const MOST_NAMED = 3;

/**
 * What was not tried from outside: the containers that checks start from, and that no node outside the host sent anything to.
 * With the ports they listen on, where the look saw their sockets.
 *
 * @returns one sentence; `undefined` when a node outside tried each of them
 */
export function untriedInbound({ facts, probes }: Evidence): string | undefined {
  const nodes = new Map((facts.nodes ?? []).map((node) => [node.name, node]));
  const tried = new Set(
    probes
      .filter(({ from, source, overheard }) => isOutside(nodes.get(from)?.kind) || (overheard && source !== undefined))
      .flatMap(({ to }) => to.node ?? []),
  );
  const asked = probes.filter(({ purpose }) => purpose === 'check').map(({ from }) => from);
  const untried = [...new Set(asked)].filter((name) => nodes.get(name)?.kind === 'container' && !tried.has(name));
  if (untried.length === 0) return undefined;
  // A UDP socket of a probe that runs while sockets are read looks like a service's.
  const tags = new Set(probes.flatMap(({ tag }) => tag ?? []));
  const services = (name: string) =>
    (facts.sockets?.[name] ?? []).filter(({ port }) => !tags.has(port)).filter(isService);
  const named = untried.slice(0, MOST_NAMED).map((name) => withPorts(name, services(name)));
  const more = untried.length - named.length;
  return `Not tried from outside: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

function isOutside(kind: NodeKind | undefined): boolean {
  return kind !== undefined && OUTSIDE.has(kind);
}

function withPorts(name: string, sockets: readonly Socket[]): string {
  const ports = new Set(sockets.map(({ protocol, port }) => `${protocol}/${port}`));
  return ports.size === 0 ? name : `${name} on ${[...ports].join(', ')}`;
}

/** What the model says of requests from outside that nothing was sent for, and no cause accounts for; `undefined` where there are none. */
export function predictedInbound(checks: readonly CheckResult[]): string | undefined {
  const open = checks.filter(({ predicted, verdict }) => predicted !== undefined && verdict === 'skipped');
  const reached = open.filter(({ predicted }) => predicted === 'reachable');
  const groups = [...new Set(reached.map(({ from, to }) => `${from} reaches ${to}`))].map((who) => {
    const over = reached.flatMap((one) => (`${one.from} reaches ${one.to}` === who ? [one.over] : []));
    return `Predicted, once its request arrives at the host: ${who} over ${over.join(', ')}.`;
  });
  const others = open
    .filter(({ predicted }) => predicted !== 'reachable')
    .map(({ from, to, over, said }) => `From ${from} to ${to} over ${over}: ${said.join(' ')}`);
  return open.length === 0 ? undefined : [...groups, ...others].join(' ');
}
