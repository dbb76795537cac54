import type { NetworkState } from '../../../network/network-state.js';
import { driverText } from '../../../network/networks.js';
import { rulesAtHooks, type ChainPlace } from '../../../network/packet-filter.js';
import { defineCause, ruledOutByName, found } from '../../cause.js';
import { chainText } from '../../filter-names.js';
import { complaint, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { acceptBlocked, blockedBothWays } from '../../remedies/allow-traffic.js';
import { blockingRules, isCertain, rulesSeen } from '../../symptoms/blocking-rules.js';
import { devicesOf, FORWARD_HOOKS, forwardMayDrop, traversesForward } from '../../symptoms/lost-in-forward.js';

export const hostForwardPolicyDrop = defineCause({
  id: 'host-forward-policy-drop',
  title: "The host's packet filter drops what it should forward",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-forward',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'firewall'],
  background: `
    Docker sets the policy of the host's FORWARD chain to drop, lets its bridge networks through by rules of its own, and much
    advice names it as the cause. For a bridge network a drop there is fatal indeed. Packets of IPvlan and macvlan containers
    never traverse FORWARD, in any mode: in L2 and macvlan they bypass the host's IP layer, in L3 and L3S they leave through
    OUTPUT. Measured with FORWARD dropping everything: everything works. Only where a rule on the host translates their
    source address do the replies arrive there, and then that rule is the cause.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  ],

  detect(seen) {
    const { flows, network, observed } = seen;
    const host = network.names.hostName;
    const firewall = network.firewall(host);
    if (!firewall) return undefined;
    const lost = failing(flows).filter((flow) => traversesForward(seen, flow) && forwardMayDrop(seen, flow));
    const flow = telling(lost);
    if (!flow) return dropsOnlyOthers(network);
    const subnets = subnetsOf(lost);
    const words = [flow.network?.parent ?? '', ...subnets];
    const rules = blockingRules(firewall, { hooks: FORWARD_HOOKS, words, attempts: 1, traces: observed.traces(host) });
    if (rules.length === 0) return undefined;
    const crossed = { firewall, hooks: FORWARD_HOOKS, places: rules.map(({ by }) => by.place) };
    return found({
      detail: {
        flow,
        host,
        subnets,
        blocked: lost.flatMap((one) => blockedBothWays(one, { ...crossed, ...devicesOf(network, one) })),
      },
      explains: idsOf(lost),
      confidence: rules.some(isCertain) ? 'certain' : 'likely',
      because: [
        { kind: 'network-setting', network: flow.network?.name ?? '', setting: 'driver', value: 'bridge' },
        ...rulesSeen(host, rules),
      ],
    });
  },
  explain: ({ flow, subnets }) =>
    `${complaint(flow)}: the Docker host's packet filter drops what it should forward for ${subnets.join(' and ')}, and a bridge network needs it to.`,
  remedy: ({ host, blocked }) => [
    {
      title: 'Accept what the failed checks send, and the replies, at the head of the chain that drops it',
      use: 'run',
      changes: acceptBlocked(host, blocked),
    },
  ],
});

/** Where the host drops what it would forward, and no network here needs it to. */
function dropsOnlyOthers(network: NetworkState) {
  const direct = network.names.networks.filter(({ driver }) => driver !== 'bridge');
  const place = dropsAll(network);
  if (!place || direct.length === 0) return undefined;
  return ruledOutByName(
    `The host drops what it would forward (${chainText(place)}), and packets of ${direct.map(driverText).join(', ')} never traverse the FORWARD hook.`,
  );
}

/** A chain of FORWARD that drops everything by its policy, or by a rule. */
function dropsAll(network: NetworkState): ChainPlace | undefined {
  const firewall = network.firewall(network.names.hostName);
  const policy = firewall?.chains.find((chain) => chain.hook === 'forward' && chain.policy === 'drop');
  const rules = firewall ? rulesAtHooks(firewall, FORWARD_HOOKS) : [];
  return (
    policy ?? rules.find(({ text, verdict }) => verdict === 'drop' && /^(counter )?drop$|^-A \S+ -j DROP$/.test(text))
  );
}
