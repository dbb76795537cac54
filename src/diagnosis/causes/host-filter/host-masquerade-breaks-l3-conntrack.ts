import { familyOf } from '../../../ip.js';
import { decidingRule, distinctPlaces, type ChainPlace } from '../../../network/packet-filter.js';
import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import type { Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { leavesAsHost, leavesAsItself, sourcesOnParent, translating } from '../../symptoms/host-nat.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

export const hostMasqueradeBreaksL3Conntrack = defineCause({
  id: 'host-masquerade-breaks-l3-conntrack',
  title: 'The host masquerades the containers, which breaks IPvlan L3',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  background: `
    A source NAT rule on the Docker host translates the source of the containers' packets to the host's own address. In L3
    mode the replies are then addressed to the host and never reach the containers. Only the host's own stack translates them
    back, and it would have to forward them: Docker's usual FORWARD policy or ip_forward=0 drops them there, and even where
    the host forwards, the router stays unreachable. Connections from outside keep working, because their replies are not
    translated. The rule is often a well-meant fix found on the web. In L3S mode the same rule works.`,
  see: ['https://github.com/moby/moby/issues/21735', 'https://github.com/moby/libnetwork/pull/2618'],

  detect(seen) {
    const { flows, network } = seen;
    const outgoing = failing(flows).filter(
      (flow) => crossesParent(flow) && flow.outbound && flow.peer !== 'host' && flow.network?.mode === 'l3',
    );
    const onWire = outgoing.filter((flow) => leavesAsHost(seen, flow));
    const rules = [...new Set((onWire.length > 0 ? onWire : outgoing).flatMap((flow) => translating(seen, flow)))];
    const byRule = outgoing.filter((flow) => translating(seen, flow).length > 0 && !leavesAsItself(seen, flow));
    const translated = onWire.length > 0 ? onWire : byRule;
    const flow = telling(translated);
    if (!flow) return undefined;
    const subnets = subnetsOf(translated);
    const [node, address] = [network.names.hostName, network.names.host?.addresses[0] ?? ''];
    return found({
      detail: { flow, node, address, subnets, places: distinctPlaces(rules) },
      explains: idsOf([...translated, ...betweenHostAnd(subnets, flows)]),
      confidence: onWire.length > 0 ? 'certain' : 'likely',
      because: [
        ...onWire.slice(0, 1).map((one) => leftTranslated(seen, one)),
        ...rules.map((rule) => ({ kind: 'nat-rule', node, by: decidingRule(rule), packets: rule.packets }) as const),
      ],
    });
  },
  explain: ({ flow, address, subnets }) =>
    `${complaint(flow)}: the Docker host translates the source of ${subnets.join(' and ')} to its own address ${address}, and in L3 mode the replies never reach the container.`,
  remedy: ({ flow, node, subnets, places }) => {
    const device = flow.network?.parent ?? '';
    const except = places.flatMap((at) =>
      subnets.flatMap((subnet): readonly Change[] =>
        mayCarry(at, subnet) ? [{ kind: 'nat', on: node, do: 'except', at, subnet, device }] : [],
      ),
    );
    return [
      {
        title: 'Except the container subnets from the rule, and delete the connections it has translated',
        use: except.length > 0 ? 'run' : 'advice',
        changes: [...except, ...subnets.map((source) => ({ kind: 'conntrack', on: node, source }) as const)],
      },
      ...(flow.network
        ? [
            recreateNetwork(
              'Recreate the network in L3S mode: there the same rule works, even without a route on the router',
              flow.network,
              { mode: 'l3s' },
            ),
          ]
        : []),
    ];
  },
});

/** A table of one family never sees the other's packets. */
function mayCarry({ family }: ChainPlace, subnet: string): boolean {
  const only = { ip: 4, ip6: 6 }[family];
  return only === undefined || only === familyOf(subnet);
}

function leftTranslated(seen: Seen, flow: Flow) {
  const { container, containerAddress: own = '', network } = flow;
  const at = { node: seen.network.names.hostName, device: network?.parent };
  const [source = ''] = sourcesOnParent(seen, flow);
  return { kind: 'source-translated', at, sender: container?.name ?? '', own, source } as const;
}

/** Packets between host and container go through the router, and the rule translates their replies too. */
function betweenHostAnd(subnets: readonly string[], flows: readonly Flow[]): readonly Flow[] {
  return failing(flows).filter(
    (flow) =>
      crossesParent(flow) && flow.peer === 'host' && subnetsOf([flow]).some((subnet) => subnets.includes(subnet)),
  );
}
