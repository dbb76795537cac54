import type { Evidence } from '../../evidence/evidence.js';
import type { Facts } from '../../evidence/facts.js';
import { look } from '../../probes/look.js';
import type { Looked, LookRequest } from '../../probes/look-request.js';
import type { Plan } from '../../scenario/plan.js';
import { PLATFORMS } from '../../scenario/platforms.js';
import type { LiveNode } from '../../topology/node.js';
import { settle } from '../../topology/settle.js';
import { vantagePoints } from '../../topology/vantage-points.js';
import { evidenceOf, lookRequest } from '../gather.js';
import { lookUntilAsked, type LookedAgain } from '../look-again.js';
import type { Examination } from './examination.js';

/** Everything a scenario wants to know, or some checks alone. */
export type Scope = 'everything' | readonly Plan['checks'][number][];

/** Looks at a scenario's topology, and once more when a check could not be asked. */
export function lookAgainAt(examination: Examination, scope: Scope): Promise<LookedAgain> {
  const { plan, shell, topology, onStep } = examination;
  return lookUntilAsked({
    look: (request) => look(shell, request),
    request: () => scenarioRequest(examination, scope),
    between: () => settle(plan, shell, topology.nodes),
    onStep,
  });
}

/** What a scenario's look is to find out. */
export function scenarioRequest(
  { plan, topology, run, attempts, signal }: Pick<Examination, 'plan' | 'topology' | 'run' | 'attempts' | 'signal'>,
  scope: Scope,
): LookRequest {
  const everything = scope === 'everything';
  const nodes = topology.nodes.map((node) => (isProvidersOwn(node, plan) ? { ...node, opaque: true } : node));
  const isOpaque = (name: string) => nodes.some((node) => node.name === name && 'opaque' in node);
  return lookRequest({
    run,
    nodes,
    absent: topology.absent,
    checks: everything ? plan.checks : scope,
    comparisons: everything ? plan.comparisons.filter(({ from }) => !isOpaque(from)) : [],
    captures: vantagePoints(plan, nodes).filter(({ node }) => !topology.absent.has(node) && !isOpaque(node)),
    // The host's packet filter is the usual suspect. Tracing more of them costs an emulated machine seconds.
    traced: nodes.flatMap(({ kind, name }) => (kind === 'host' ? [name] : [])),
    facts: everything,
    pings: attempts,
    resolver: plan.site.resolver,
    signal,
  });
}

/** In a cloud the gateway is the provider's own. */
function isProvidersOwn({ kind }: LiveNode, { site: { platform } }: Plan): boolean {
  return kind === 'gateway' && platform !== undefined && PLATFORMS[platform].kind === 'cloud';
}

/** What a look at a scenario's topology saw, as evidence. */
export function scenarioEvidence({ plan, topology, engine }: Examination, looked: Looked): Evidence {
  const facts = { ...looked.facts, ...assumedPlatform(plan, looked.facts) };
  return evidenceOf({ ...looked, facts }, { engine: engine.facts, ...topology.facts });
}

/** What the scenario takes the host to be, in place of what it is. */
export function assumedPlatform(
  { site: { platform } }: Plan,
  { platform: seen = {} }: Pick<Partial<Facts>, 'platform'>,
): Partial<Facts> {
  if (platform === undefined) return {};
  const wireless = seen['host']?.wireless ?? [];
  return { platform: { host: { id: platform, ...PLATFORMS[platform], wireless, origin: 'assumed' } } };
}
