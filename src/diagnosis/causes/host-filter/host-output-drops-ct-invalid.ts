import { sh } from '../../../shell.js';
import { cannotTell, defineCause, found, on, type Inconclusive } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { allowEgress } from '../../remedies/allow-egress.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { isCertain, rulesSeen } from '../../symptoms/blocking-rules.js';
import { HOST_DROP_NEEDS } from '../../symptoms/dropped-on-host.js';
import { hostDrops, type HostDrops } from '../../symptoms/host-drops.js';

export const hostOutputDropsCtInvalid = defineCause({
  id: 'host-output-drops-ct-invalid',
  title: 'The host drops packets that its connection tracking calls invalid: in L3 every reply of the containers',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: HOST_DROP_NEEDS,
  background: `
    In L3 mode the host's connection tracking sees what containers send, in its OUTPUT hook, and nothing of what they
    receive. So a reply of theirs, and every packet after the first one of a TCP connection, belongs to no connection it
    knows: it is invalid. A filter that drops invalid packets, or accepts only new and established ones, lets containers
    ping others, keeps others from pinging them, and breaks TCP in both directions. In L3S the host sees both directions.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Matching_connection_tracking_stateful_metainformation',
  ],

  detect(seen) {
    const open = hostDrops(seen, 'replies-at-least');
    if (open && !('ruling' in open)) return requestsNotTried(open);
    const drops = hostDrops(seen, 'replies-only');
    if (!drops || 'ruling' in drops) return drops;
    const { replies, halfOpen, own, rules, host: node, parent } = drops;
    const [flow = halfOpen[0]] = replies;
    const at = { node, device: parent };
    return found({
      about: flow,
      detail: { flow, drops },
      explains: idsOf([...replies, ...halfOpen, ...own]),
      confidence: rules.some(isCertain) ? 'certain' : 'likely',
      because: [
        ...replies.slice(0, 1).map(({ containerAddress: address = '' }) => {
          return { kind: 'no-reply-leaves', at, address, begins: true } as const;
        }),
        ...halfOpen.slice(0, 1).map(({ container, to }) => {
          return { kind: 'half-open', at, container: container?.name ?? '', to: to.label } as const;
        }),
        ...rulesSeen(node, rules),
      ],
    });
  },
  explain: ({ flow, drops }) =>
    `${flow ? complaint(flow) : ''}${drops.replies.length > 0 ? ', and its TCP connections stall' : ''}: the Docker host sees half of what ${drops.subnets.join(' and ')} exchange with others, and its packet filter drops what it calls invalid in its OUTPUT hook.`,
  remedy: ({ flow, drops }) => [
    ...allowEgress(drops),
    ...(flow?.network
      ? [
          recreateNetwork('Recreate the network in L3S mode, in which the host sees both directions', flow.network, {
            mode: 'l3s',
          }),
        ]
      : []),
  ],
});

function requestsNotTried({ replies, subnets }: HostDrops): Inconclusive {
  const [flow] = replies;
  return cannotTell({
    missing: `whether the host drops only the replies of ${subnets.join(' and ')}, or also the connections they begin: that was not tried`,
    explains: idsOf(replies),
    oneOf: ['host-output-drops-ct-invalid', 'host-output-firewall-drop'],
    test: flow?.container ? on(flow.container.name, sh`ping -c 3 ${flow.from.address}`) : undefined,
  });
}
