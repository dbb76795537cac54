import { defineCause, found } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { allowEgress, egressTraffic } from '../../remedies/allow-egress.js';
import { otherToolRemedies } from '../../remedies/firewall-tools.js';
import { isCertain, rulesSeen } from '../../symptoms/blocking-rules.js';
import { HOST_DROP_NEEDS } from '../../symptoms/dropped-on-host.js';
import { hiddenEgressCause } from '../../symptoms/hidden-egress.js';
import { hostDrops, type HostDrops } from '../../symptoms/host-drops.js';

export const hostOutputFirewallDrop = defineCause({
  id: 'host-output-firewall-drop',
  title: "The host's packet filter drops what containers send, in OUTPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: HOST_DROP_NEEDS,
  background: `
    In L3 and L3S mode every packet that a container sends outside traverses the host's OUTPUT hook, with the container's
    address as its source and no process or user behind it. A filter that denies outgoing traffic by default, or allows only
    known users or addresses, drops it, replies to incoming connections included. The FORWARD hook has no part in it.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/configuring_and_managing_networking/getting-started-with-ipvlan_configuring-and-managing-networking',
  ],

  detect(seen) {
    const drops = hostDrops(seen, 'everything');
    if (!drops) return hiddenEgressCause(seen, 'everything');
    if ('ruling' in drops) return drops;
    const { requests, replies, own, rules, traced, host } = drops;
    const flows = [...requests, ...replies];
    const certain = (replies.length > 0 || traced) && rules.some(isCertain);
    return found({
      detail: { flow: telling(flows), drops },
      explains: idsOf([...flows, ...own]),
      confidence: certain ? 'certain' : 'likely',
      because: [...lost(drops), ...rulesSeen(host, rules)],
    });
  },
  explain: ({ flow, drops: { subnets } }) =>
    `${flow ? complaint(flow) : ''}: the Docker host's packet filter drops what ${subnets.join(' and ')} ${subnets.length > 1 ? 'send' : 'sends'}, in its OUTPUT hook.`,
  remedy: ({ drops }) => [
    ...allowEgress(drops),
    ...otherToolRemedies(drops.rules, { node: drops.host, way: 'out', traffic: egressTraffic(drops) }),
  ],
});

/** The first request and the first reply that the host dropped. */
function lost({ requests, replies, host: node, parent }: HostDrops) {
  return [
    ...requests.slice(0, 1).map(({ container }) => {
      const sender = container?.name ?? '';
      return { kind: 'dropped-before-parent', container: sender, node, parent, of: 'everything' } as const;
    }),
    ...replies.slice(0, 1).map(({ containerAddress: address = '' }) => {
      return { kind: 'no-reply-leaves', at: { node, device: parent }, address, begins: false } as const;
    }),
  ];
}
