import type { Cause } from '../../src/diagnosis/cause.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { Hop } from '../../src/path/hop.js';
import { pathsOf } from '../../src/path/trace.js';

/** Places that host and gateway cannot look into: captures show that packets are lost there, not why. */
const OUTSIDE: ReadonlySet<Hop> = new Set([
  'lan',
  'parent',
  'gateway',
  'gateway-route',
  'gateway-route-back',
  'gateway-forward',
  'gateway-nat',
  'uplink',
  'far-route',
  'target',
]);

/** What a switch, a hypervisor or a cloud does is emulated where no evidence is taken. */
function isOutOfSight({ reproduced, hop }: Cause): boolean {
  return reproduced?.by === 'emulation' && OUTSIDE.has(hop);
}

/** Causes whose packets go where the model does not follow them, and why: they may end at any place. */
const WANDERING: Readonly<Record<string, string>> = {
  'route-known-to-peers-only': 'a router that does not know the target either passes the packet on',
  'service-answers-own-subnet-only': 'whom a service replies to is its own business',
  'unknown-mac-behind-container': 'a link behind a container has a MAC address that no node is known by',
};

/** A check that failed for a cause, and was measured to end at none of the hops its causes act at. */
interface Stray {
  readonly flow: string;
  readonly expected: readonly Hop[];
  readonly measured: Hop | undefined;
  readonly agreement: string;
}

/**
 * Checks whose packets did not end where what explains them acts, or not as the model predicted. Where two causes are at
 * work, a packet is lost at the one it meets first.
 */
export function strayEndings(evidence: Evidence): readonly Stray[] {
  const { found, flows } = diagnose(evidence);
  const arrived = new Set(flows.filter(({ arrival }) => arrival === 'all').map((flow) => flow.id));
  const checks = new Set(evidence.probes.flatMap((probe) => (probe.purpose === 'check' ? [probe.id] : [])));
  return pathsOf(evidence).flatMap(({ id: flow, end, agreement }) => {
    const causes = found.filter(({ ruling }) => ruling.explains.includes(flow));
    if (!checks.has(flow) || arrived.has(flow) || causes.length === 0) return [];
    if (causes.some(({ cause }) => WANDERING[cause.id] !== undefined)) return [];
    const unseen = causes.every(({ cause }) => isOutOfSight(cause));
    const expected = unseen ? [...OUTSIDE] : causes.map(({ cause, ruling }) => ruling.hop ?? cause.hop);
    const there = end !== undefined && expected.includes(end.hop);
    return there && (unseen || agreement === 'agree') ? [] : [{ flow, expected, measured: end?.hop, agreement }];
  });
}
