import { distinctPlaces } from '../../../network/packet-filter.js';
import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';

import { acceptAtHead } from '../../remedies/allow-traffic.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { toolRemedies } from '../../remedies/firewall-tools.js';
import { trafficOf } from '../../remedies/traffic.js';
import { isPredicted, predictedBlock } from '../../predicted.js';
import { blockingRules, isCertain, predictedBlockingRules, rulesSeen } from '../../symptoms/blocking-rules.js';
import { INPUT_HOOKS, isMissed, inputMayDrop, outcomeFor } from '../../symptoms/lost-in-input.js';

type Seen = Pick<Observed, 'flows' | 'network' | 'observed' | 'paths'>;

export const l3sHostInputFirewallDrop = defineCause({
  id: 'l3s-host-input-firewall-drop',
  title: "The host's packet filter drops what arrives for L3S containers, in INPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-input',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  predicts: true,
  background: `
    In L3S mode, and in no other, packets that arrive for a container traverse the host's PREROUTING and INPUT hooks, as if
    they were for the host. A firewall that denies incoming traffic therefore keeps others from the containers' services, and
    one that tracks no connections also drops the replies to what containers begin: request and reply are both on the wire.
    In L2 and L3 the same rules do nothing at all.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks',
  ],

  detect: (seen) => observed(seen) ?? predicted(seen) ?? hidden(seen),
  explain: ({ flow, subnets }) =>
    `${complaint(flow)}: the Docker host's packet filter drops what arrives for ${subnets.join(' and ')} in its INPUT hook, which L3S packets traverse.`,
  remedy: ({ flow, flows, host, parent, rules }) => {
    // In L3S the host tracks both directions.
    const traffic = trafficOf(
      flows.map((one) => ({ flow: one, part: one.outbound ? 'reply' : 'request', inDevice: parent })),
    );
    return [
      ...toolRemedies(rules, { node: host, way: 'in', traffic }),
      {
        title: 'Accept what the failed checks send, at the head of the chain that drops it',
        use: 'run',
        changes: distinctPlaces(rules.map(({ by }) => by.place)).flatMap((place) => acceptAtHead(place, host, traffic)),
      },
      ...(flow.network
        ? [recreateNetwork('Recreate the network in L3 mode, which bypasses INPUT', flow.network, { mode: 'l3' })]
        : []),
    ];
  },
});

/** It arrived at the parent, and the container behaves as if nothing had. */
function observed(seen: Seen) {
  const { network } = seen;
  const host = network.names.hostName;
  const firewall = network.firewall(host);
  const missed = failing(seen.flows).filter((flow) => isMissed(seen, flow));
  if (!firewall || missed.length === 0) return undefined;
  const parent = missed[0]?.network?.parent ?? '';
  const subnets = subnetsOf(missed);
  const traces = seen.observed.traces(host);
  const rules = blockingRules(firewall, { hooks: INPUT_HOOKS, words: [parent, ...subnets], attempts: 1, traces });
  const certain = rules.some(isCertain);
  const lost = [...missed.filter((flow) => certain || inputMayDrop(network, flow)), ...predictedThere(seen)];
  const flow = telling(lost);
  if (!flow || rules.length === 0) return undefined;
  return found({
    detail: { flow, flows: lost, host, parent, subnets, rules },
    explains: idsOf(lost),
    confidence: certain ? 'certain' : 'likely',
    because: [...lost.slice(0, 1).map((one) => notDelivered(host, one)), ...rulesSeen(host, rules)],
  });
}

/** Nothing was sent, and the model ends it there. */
function predicted(seen: Seen) {
  return byRules({ flows: predictedThere(seen), network: seen.network });
}

function predictedThere({ paths, flows }: Seen): readonly Flow[] {
  return flows.filter((flow) => predictedBlock(paths, flow)?.hop.hop === 'host-input');
}

/** Nothing arrives at all, and the rules would drop it. */
function hidden({ flows, network }: Seen) {
  const ruling = byRules({ flows: flows.filter((flow) => !isPredicted(flow)), network });
  return ruling && { ...ruling, hidden: true as const };
}

function byRules({ flows, network }: Pick<Seen, 'flows' | 'network'>) {
  const host = network.names.hostName;
  const firewall = network.firewall(host);
  const stopped = failing(flows)
    .filter((flow) => flow.probe.purpose === 'check' && crossesParent(flow) && flow.network?.mode === 'l3s')
    .flatMap((flow) => {
      const outcome = outcomeFor(network, flow);
      return outcome?.kind === 'blocks' ? [{ flow, by: outcome.by }] : [];
    });
  const lost = stopped.map((one) => one.flow);
  const flow = telling(lost);
  if (!firewall || !flow) return undefined;
  const rules = predictedBlockingRules(firewall, { hooks: INPUT_HOOKS, reasons: stopped.map(({ by }) => by) });
  if (rules.length === 0) return undefined;
  return found({
    detail: { flow, flows: lost, host, parent: flow.network?.parent ?? '', subnets: subnetsOf(lost), rules },
    explains: idsOf(lost),
    confidence: 'likely',
    because: rulesSeen(host, rules),
  });
}

function notDelivered(node: string, { outbound, network, container, from, to }: Flow) {
  const at = { node, device: network?.parent };
  const [part, peer] = outbound ? (['reply', to.label] as const) : (['request', from.label] as const);
  return { kind: 'not-delivered', at, container: container?.name ?? '', part, peer } as const;
}
