import { dropsInstance } from '../probes/capture/drops.js';
import type { LookRequest } from '../probes/look-request.js';
import { traceTable } from '../probes/capture/trace-table.js';
import type { Plan } from '../scenario/plan.js';
import { PLATFORMS } from '../scenario/platforms.js';
import type { LiveNode } from '../topology/node.js';
import type { Topology } from '../topology/topology.js';
import { nextTag } from './tags.js';

/** Everything a scenario wants to know, or some checks alone. */
export type Wanted = 'everything' | readonly Plan['checks'][number][];

/** What is looked at, and for whom. */
interface Looking {
  readonly plan: Plan;
  readonly topology: Topology;
  /** The run's id. */
  readonly run: string;
  readonly attempts: number | undefined;
  readonly signal: AbortSignal;
}

/** What a scenario's look is to find out. */
export function lookRequest({ plan, topology, run, attempts, signal }: Looking, which: Wanted): LookRequest {
  const everything = which === 'everything';
  const checks = everything ? plan.checks : which;
  const nodes = topology.nodes.map((node) => (isProvidersOwn(node, plan) ? { ...node, opaque: true } : node));
  const isOpaque = (name: string) => nodes.some((node) => node.name === name && 'opaque' in node);
  const comparisons = everything ? plan.comparisons.filter(({ from }) => !isOpaque(from)) : [];
  return {
    nodes,
    absent: topology.absent,
    probes: [
      ...checks.map((check) => ({ check, purpose: 'check' as const })),
      ...comparisons.map((check) => ({ check, purpose: 'comparison' as const })),
    ],
    captures: vantagePoints(plan, topology.nodes).filter(({ node }) => !topology.absent.has(node) && !isOpaque(node)),
    // The one packet filter that everybody suspects.
    traced: ['host'],
    drops: dropsInstance(run),
    traceTable: traceTable(run),
    facts: everything,
    pings: attempts,
    resolver: plan.site.resolver,
    firstTag: nextTag(),
    signal,
  };
}

/** In a cloud the gateway is the provider's own. */
function isProvidersOwn({ kind }: LiveNode, { site: { platform } }: Plan): boolean {
  return kind === 'gateway' && platform !== undefined && PLATFORMS[platform].kind === 'cloud';
}

/**
 * Where a packet can be seen on its way: at its container, the parent, both sides of the gateway, and at peers that a check
 * asks about. What leaves the gateway's uplink is at the internet: one link joins the two.
 */
function vantagePoints({ site, containers, checks }: Plan, nodes: readonly LiveNode[]): LookRequest['captures'] {
  const asked = site.peers.filter(({ name }) => checks.some(({ from, to }) => from === name || to.node === name));
  return [
    { node: 'host', device: site.host.interface },
    ...nodes.filter(({ kind }) => kind === 'gateway').flatMap(linksOf),
    ...containers.flatMap(({ name, attachments }) =>
      attachments.map((_, index) => ({ node: name, device: `eth${index}` })),
    ),
    ...nodes.filter(({ name }) => asked.some((peer) => peer.name === name)).flatMap(linksOf),
  ];
}

function linksOf({ name, links = [] }: LiveNode): LookRequest['captures'] {
  return links.map((device) => ({ node: name, device }));
}
