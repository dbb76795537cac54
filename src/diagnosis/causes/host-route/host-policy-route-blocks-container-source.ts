import type { Rule } from '../../../evidence/facts.js';
import { contains, sameAddress } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, farAddress, idsOf, telling } from '../../flow-questions.js';
import type { PolicyRuleChange } from '../../remedies/changes/policy-rule.js';
import { arpSeen } from '../../symptoms/wire.js';

export const hostPolicyRouteBlocksContainerSource = defineCause({
  id: 'host-policy-route-blocks-container-source',
  title: "A policy rule on the host forbids routes for the containers' addresses",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  background: `
    In L3 and L3S mode the host looks up the route of a container's packet with the container's address as its source, so
    policy rules that select by source count. Where such a rule, or the table it looks up, says unreachable, IPv4 sends no
    error: the kernel takes the destination to be on the LAN and sends ARP requests for it. What is on the LAN
    is still reachable, and ip route get without the source shows a healthy route.`,
  see: ['https://man7.org/linux/man-pages/man8/ip-rule.8.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect({ flows, network, observed }) {
    const host = network.names.hostName;
    const lost = failing(flows).filter(
      (flow) => crossesParent(flow) && isLayer3(flow.network) && flow.peer !== 'host' && isForbidden(network, flow),
    );
    const flow = telling(lost);
    const forbidden = flow && forbiddenBy(network, flow);
    if (!flow || !forbidden) return undefined;
    const { verdict } = forbidden;
    const rules = [...new Set(lost.flatMap((one) => forbiddenBy(network, one)?.rule ?? []))];
    const destination = farAddress(flow);
    return found({
      detail: { flow, host, rules, verdict },
      explains: idsOf(lost),
      because: [
        ...rules.map((rule) => ({ kind: 'policy-rule-forbids', node: host, rule, destination, verdict }) as const),
        ...arpRequest({ network, observed }, flow),
      ],
    });
  },
  explain: ({ flow, rules, verdict }) =>
    `${complaint(flow)}: on the Docker host policy rule ${rules[0]?.priority} makes the internet ${verdict} for packets from ${rules[0]?.from}.`,
  remedy: ({ host, rules }) => [
    {
      title: 'Delete the policy rule, or add one before it that looks up the main table',
      use: 'run',
      changes: rules.map((rule) => amend(host, rule)),
    },
  ],
});

/** With its source a packet finds no route through its parent, and without it would. */
function isForbidden(network: NetworkState, flow: Flow): boolean {
  const { routing, names } = network;
  const packet = { destination: farAddress(flow), outDevice: flow.network?.parent ?? '' };
  return routing.deviceFor(names.hostName, packet) !== undefined && forbiddenBy(network, flow) !== undefined;
}

/** The rule that selects a container's address, and what comes of it. */
function forbiddenBy(
  { routing, names }: NetworkState,
  flow: Flow,
): { readonly rule: Rule; readonly verdict: string } | undefined {
  const source = flow.containerAddress ?? '';
  const packet = { destination: farAddress(flow), source, outDevice: flow.network?.parent };
  const hop = routing.lookup(names.hostName, packet);
  if (hop?.kind !== 'blocked') return undefined;
  const table = 'destination' in hop.by ? hop.by.table : undefined;
  const rule = routing
    .rules(names.hostName)
    ?.find((one) => selects(one.from, source) && (table === undefined ? one === hop.by : one.table === table));
  return rule && { rule, verdict: hop.type };
}

function selects(from: string | undefined, source: string): boolean {
  if (from === undefined) return false;
  return from.includes('/') ? contains(from, source) : sameAddress(from, source);
}

/** A rule that looks up a table of its own may do more than what it forbids here: it stays, and another rule comes first. */
function amend(host: string, { family, from = 'all', priority, action }: Rule): PolicyRuleChange {
  return action === undefined
    ? {
        kind: 'policy-rule',
        on: host,
        do: 'add',
        rule: { family, from, priority: Math.max(1, priority - 1), table: 'main' },
      }
    : { kind: 'policy-rule', on: host, do: 'delete', rule: { family, from, priority, action } };
}

function arpRequest({ network, observed }: Pick<Observed, 'network' | 'observed'>, flow: Flow) {
  const { asked } = arpSeen({ network, observed }, flow);
  const asker = network.names.hostName;
  const at = { node: asker, device: flow.network?.parent };
  return asked ? [{ kind: 'arp-request', at, asker, address: flow.to.address } as const] : [];
}
