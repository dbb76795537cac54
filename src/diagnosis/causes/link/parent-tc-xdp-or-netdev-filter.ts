import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { passOnLink } from '../../remedies/pass-on-link.js';
import { blockingFilters, filteredOnLink } from '../../symptoms/filtered-on-link.js';

export const parentTcXdpOrNetdevFilter = defineCause({
  id: 'parent-tc-xdp-or-netdev-filter',
  title: 'A filter on the parent link itself drops packets of the containers',
  layer: 'link',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  predicts: true,
  background: `
    nftables' netdev family, traffic control filters and XDP programs are attached to a link, below IP: agents for network
    policy, rate limiters and hardening scripts add them. They see the packets of every driver and mode, those of L2 and
    macvlan included, and neither iptables nor the usual chains of nftables show them. What leaves is dropped before a
    capture on the link sees it, what comes in after: the replies are on the parent, and the container does not get them.
    What one macvlan container sends another comes in through the parent too; IPvlan delivers it past the parent.`,
  see: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Nftables_families',
    'https://man7.org/linux/man-pages/man8/tc.8.html',
  ],

  detect(view) {
    const flows = filteredOnLink(view);
    const flow = telling(flows.map((one) => one.flow));
    const first = flows.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const { network } = view;
    const { hostName: host } = network.names;
    const { way, by } = first;
    const parent = flow.network?.parent ?? '';
    const address = flow.containerAddress ?? '';
    return found({
      about: flow,
      detail: { flow, host, flows, blocking: blockingFilters(network, first), way, parent },
      explains: idsOf(flows.map((one) => one.flow)),
      confidence: flows.some(({ sure }) => sure) ? 'certain' : 'likely',
      because: [
        { kind: 'lost-on-link', at: { node: host, device: parent }, way, address },
        { kind: 'filter-on-link', node: host, by },
      ],
    });
  },
  explain: ({ flow, way, parent }) =>
    `${complaint(flow)}: a filter on the Docker host's link ${parent} itself drops packets ${way === 'egress' ? 'from' : 'for'} ${flow.containerAddress}.`,
  remedy: ({ host, parent, way, ...blocked }) => [
    passOnLink(host, { ...blocked, way }),
    advice('See what attached the filter: it may do so again', host, [
      sh`nft list ruleset; tc filter show dev ${parent} ${way}; ip -details link show dev ${parent}`,
    ]),
  ],
});
