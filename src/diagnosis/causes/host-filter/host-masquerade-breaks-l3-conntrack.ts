import type { FirewallRule } from '../../../evidence/facts.js';
import { familyOf, sameAddress } from '../../../ip.js';
import { defineCause, found, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import type { NatChange } from '../../remedies/changes/nat.js';
import { distinctPlaces, type Place } from '../../../network/packet-filter.js';
import { ruleText } from '../../filter-names.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { sourceNat } from '../../../network/source-nat.js';
import { sourcesOf } from '../../../path/observe/sighting.js';
import { captureAt, sighting } from '../../symptoms/wire.js';
import { recreateNetwork } from '../../remedies/create-network.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall';

export const hostMasqueradeBreaksL3Conntrack = defineCause({
  id: 'host-masquerade-breaks-l3-conntrack',
  title: 'The host masquerades the containers, which breaks IPvlan L3',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  background: `
    A source NAT rule on the Docker host rewrites the containers' packets to the host's own address. In L3 mode the answers
    are then addressed to the host, pass the containers by, and are translated back only in the host's own stack, which
    would have to forward them: Docker's usual FORWARD policy or ip_forward=0 drops them there, and even where it forwards
    the gateway stays out of reach. Connections from outside keep working, because their answers are not translated. The
    rule is often a well-meant fix found on the web. In L3S mode the same rule works.`,
  see: ['https://github.com/moby/moby/issues/21735', 'https://github.com/moby/libnetwork/pull/2618'],

  detect(view) {
    const outgoing = failing(view.flows).filter(
      (flow) => crossesParent(flow) && flow.outbound && flow.peer !== 'host' && flow.network?.mode === 'l3',
    );
    const onWire = outgoing.filter((flow) => leavesAsHost(view, flow));
    const rules = [...new Set((onWire.length > 0 ? onWire : outgoing).flatMap((flow) => translating(view, flow)))];
    const byRule = outgoing.filter((flow) => translating(view, flow).length > 0 && !leavesAsItself(view, flow));
    const translated = onWire.length > 0 ? onWire : byRule;
    const flow = telling(translated);
    if (!flow) return undefined;
    const subnets = subnetsOf(translated);
    return found({
      detail: { flow, subnets, rules, host: nodeOfKind(view.nodes, 'host')?.addresses[0] ?? '' },
      explains: idsOf([...translated, ...betweenHostAnd(subnets, view)]),
      confidence: onWire.length > 0 ? 'certain' : 'likely',
      because: [
        ...onWire
          .slice(0, 1)
          .map(
            (one) =>
              `${one.network?.parent}: requests of ${one.container?.name} left with the host's address instead of ${one.containerAddress}.`,
          ),
        ...rules.map(
          (rule) =>
            `host: ${ruleText(rule)} translates them${rule.packets ? `, ${rule.packets} times while the probes ran` : ''}.`,
        ),
      ],
    });
  },
  explain: ({ flow, host, subnets }) =>
    `${complaint(flow)}: the Docker host rewrites ${subnets.join(' and ')} to its own address ${host}, and in L3 mode the answers never find the way back to the container.`,
  remedy: ({ rules, subnets, flow }) => {
    const parent = flow.network?.parent ?? '';
    const except = distinctPlaces(rules).flatMap((place) =>
      untranslated(place, { host: 'host', subnets, device: parent }),
    );
    return [
      {
        title: 'Except the container subnets from the rule, and forget the connections it has translated',
        use: except.length > 0 ? 'run' : 'advice',
        commands: [...except, ...subnets.map((source) => ({ kind: 'conntrack', on: 'host', source }) as const)],
      },
      ...(flow.network
        ? [
            recreateNetwork(
              'Or recreate the network in L3S mode: there the same rule works, even without a route on the gateway',
              flow.network,
              { mode: 'l3s' },
            ),
          ]
        : []),
    ];
  },
});

/** A chain of one family never sees the other's packets. */
function untranslated(at: Place, { host, subnets, device }: Untranslated): readonly NatChange[] {
  const family = { ip: 4, ip6: 6 }[at.family];
  return subnets
    .filter((subnet) => family === undefined || family === familyOf(subnet))
    .map((subnet) => ({ kind: 'nat', on: host, do: 'except', at, subnet, device }));
}

interface Untranslated {
  readonly host: string;
  readonly subnets: readonly string[];
  readonly device: string;
}

/** The probe's own packets on the parent, under the host's address. */
function leavesAsHost(view: View<Needs>, flow: Flow): boolean {
  const host = nodeOfKind(view.nodes, 'host')?.addresses ?? [];
  return onParent(view, flow).some((source) => host.some((own) => sameAddress(own, source)));
}

function leavesAsItself(view: View<Needs>, flow: Flow): boolean {
  return onParent(view, flow).some((source) => sameAddress(source, flow.from.address));
}

function onParent({ captures, nodes }: View<Needs>, flow: Flow): readonly string[] {
  return sourcesOf(sighting(flow, captureAt(captures, hostName(nodes))).requests);
}

/** The host's rules that translate a flow; those that only may count where the wire shows that something did. */
function translating(view: View<Needs>, flow: Flow): readonly FirewallRule[] {
  const firewall = view.firewall[hostName(view.nodes)];
  if (!firewall) return [];
  const { answer, rules } = sourceNat(firewall, { source: flow.from.address, device: flow.network?.parent ?? '' });
  return answer === 'yes' || leavesAsHost(view, flow) ? rules : [];
}

/** Host and container talk by way of the gateway, and the rule meets their answers too. */
function betweenHostAnd(subnets: readonly string[], { flows }: View<Needs>): readonly Flow[] {
  return failing(flows).filter(
    (flow) =>
      crossesParent(flow) && flow.peer === 'host' && subnetsOf([flow]).some((subnet) => subnets.includes(subnet)),
  );
}
