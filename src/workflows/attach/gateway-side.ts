import type { Facts, NodeFact, RouterSoftware } from '../../evidence/facts.js';
import type { Missing } from '../../evidence/evidence.js';
import type { RouterFamily } from '../../probes/gateway/families.js';
import { parseGatewayEvidence } from '../../probes/gateway/gateway-evidence.js';
import { LINUX_COMMAND } from '../../probes/gateway/linux.js';
import { runProgram } from '../../process.js';
import type { Surroundings } from './surroundings.js';

/** What the gateway itself says, where the user can ask it. */
export interface GatewaySide {
  /** What the printed command printed there. */
  readonly text?: string | undefined;
  /** The family of routers it is of; absent: as its text says, and Linux where it is to be asked over ssh. */
  readonly family?: RouterFamily | undefined;
  /** Where to run it over ssh: `USER@HOST`. */
  readonly ssh?: string | undefined;
}

/** How long a gateway may take to answer over ssh, in milliseconds. */
const SSH_TIMEOUT_MS = 20_000;

/** What is known of the gateway itself. */
interface GatewayView {
  readonly facts: Partial<Facts>;
  readonly missing: readonly Missing[];
  /** What it runs; absent where that is not known. */
  readonly software: RouterSoftware | undefined;
}

/** Facts of the gateway; none where it was not found or cannot be asked. */
export async function gatewayFacts(
  { gateway }: Surroundings,
  { text, ssh, family }: GatewaySide,
  signal: AbortSignal,
): Promise<GatewayView> {
  if (!gateway || (text === undefined && ssh === undefined))
    return { facts: {}, missing: [], software: family?.software };
  const printed = text ?? (await printedOver(ssh ?? '', family?.command ?? LINUX_COMMAND, signal));
  return parseGatewayEvidence(printed, gateway.name, family);
}

function printedOver(ssh: string, command: string, signal: AbortSignal): Promise<string> {
  return runProgram('ssh', ['-o', 'BatchMode=yes', '--', ssh, command], { timeoutMs: SSH_TIMEOUT_MS, signal });
}

/** The nodes, with what the gateway runs. */
export function withSoftware(
  nodes: readonly NodeFact[],
  { gateway }: Surroundings,
  software: RouterSoftware | undefined,
): readonly NodeFact[] {
  if (software === undefined) return nodes;
  return nodes.map((node) => (node.name === gateway?.name ? { ...node, software } : node));
}

/** Facts of several nodes, from two looks. */
export function mergedFacts(ours: Partial<Facts>, gateways: Partial<Facts>): Partial<Facts> {
  const perNode = ours as Readonly<Record<string, object | undefined>>;
  const both = Object.entries(gateways).map(([name, value]) => [name, { ...perNode[name], ...(value as object) }]);
  return { ...ours, ...Object.fromEntries(both) } as Partial<Facts>;
}
