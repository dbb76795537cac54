import type { Missing, ProbeResult } from '../../evidence/evidence.js';
import type { Facts, NodeFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { ClientEvidence } from '../../probes/client/client-evidence.js';
import type { CheckPlan, Target } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';

/** What a LAN client adds to what is known. */
interface ClientView {
  readonly nodes: readonly NodeFact[];
  readonly facts: Partial<Facts>;
  readonly probes: readonly ProbeResult[];
  /** Its questions about containers. */
  readonly checks: readonly CheckPlan[];
  readonly missing: readonly Missing[];
}

/** The nodes with the client, its facts, and what it asked. A machine that the user named by one of its addresses is the client. */
export function withClient(nodes: readonly NodeFact[], client: ClientEvidence | undefined): ClientView {
  if (!client) return { nodes, facts: {}, probes: [], checks: [], missing: [] };
  const holds = (node: NodeFact) =>
    node.kind === 'peer' && node.addresses.some((one) => client.addresses.some((own) => sameAddress(one, own)));
  const known = nodes.find(holds);
  const taken = new Set(nodes.map(({ name }) => name));
  const name = known?.name ?? (taken.has('client') ? 'LAN client' : 'client');
  const own: NodeFact = { name, kind: 'peer', addresses: client.addresses };
  const { links, routes, rules, neighbours } = client;
  const asked = client.asked.map((one) => {
    const check = makeCheck(name, targetOf(one.to, nodes), one.over);
    const isContainer = nodes.some((node) => node.name === check.to.node && node.kind === 'container');
    const probe: ProbeResult = {
      ...{ id: check.id, from: name, to: check.to, over: one.over, command: one.command, tag: undefined },
      ...{ purpose: isContainer ? 'check' : 'comparison', outcome: one.outcome },
    };
    return { check, probe };
  });
  return {
    nodes: known ? nodes.map((node) => (node === known ? own : node)) : [...nodes, own],
    facts: {
      ...{ links: { [name]: links }, routes: { [name]: routes }, rules: { [name]: rules } },
      neighbours: { [name]: neighbours },
    },
    probes: asked.map(({ probe }) => probe),
    checks: asked.filter(({ probe }) => probe.purpose === 'check').map(({ check }) => check),
    missing: [{ fact: 'firewall', node: name, reason: 'a LAN client does not print its packet filter' }],
  };
}

function targetOf(address: string, nodes: readonly NodeFact[]): Target {
  const node = nodes.find(({ addresses }) => addresses.some((own) => sameAddress(own, address)));
  return { label: node?.name ?? address, node: node?.name, name: undefined, address };
}
