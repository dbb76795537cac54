import type { Facts } from '../../evidence/facts.js';
import type { Missing } from '../../evidence/evidence.js';
import { GATEWAY_COMMAND, parseGatewayEvidence } from '../../probes/gateway/gateway-evidence.js';
import { runProgram } from '../../process.js';
import type { Surroundings } from './surroundings.js';

/** What the gateway itself says, where the user can ask it. */
export interface GatewaySide {
  /** What the printed one-liner printed there. */
  readonly text?: string | undefined;
  /** Where to run it over ssh: `USER@HOST`. */
  readonly ssh?: string | undefined;
}

/** How long a gateway may take to answer over ssh, in milliseconds. */
const SSH_TIMEOUT_MS = 20_000;

/** Facts of the gateway; none where it was not found or cannot be asked. */
export async function gatewayFacts(
  { gateway }: Surroundings,
  { text, ssh }: GatewaySide,
  signal: AbortSignal,
): Promise<{ readonly facts: Partial<Facts>; readonly missing: readonly Missing[] }> {
  if (!gateway || (text === undefined && ssh === undefined)) return { facts: {}, missing: [] };
  return parseGatewayEvidence(text ?? (await printedOver(ssh ?? '', signal)), gateway.name);
}

function printedOver(ssh: string, signal: AbortSignal): Promise<string> {
  return runProgram('ssh', ['-o', 'BatchMode=yes', '--', ssh, GATEWAY_COMMAND], { timeoutMs: SSH_TIMEOUT_MS, signal });
}

/** Facts of several nodes, from two looks. */
export function mergedFacts(ours: Partial<Facts>, gateways: Partial<Facts>): Partial<Facts> {
  const perNode = ours as Readonly<Record<string, object | undefined>>;
  const both = Object.entries(gateways).map(([name, value]) => [name, { ...perNode[name], ...(value as object) }]);
  return { ...ours, ...Object.fromEntries(both) } as Partial<Facts>;
}
