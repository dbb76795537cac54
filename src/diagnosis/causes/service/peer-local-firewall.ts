import { embeddedList, sh, type ShellCommand } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { dropAtPeer, peerScopes } from '../../hypotheses/peer.js';
import { atPeer } from '../../symptoms/lan-looks.js';
import { acceptBlocked } from '../../remedies/allow-traffic.js';
import { trafficOf } from '../../remedies/traffic.js';
import {
  dropByRules,
  dropBySymptoms,
  hostFlowTo,
  repliesWouldShow,
  type PeerDrop,
} from '../../symptoms/peer-filter.js';
import { requestsSeen } from '../../symptoms/return-routes.js';
import { flowSeen } from '../../symptoms/wire.js';

export const peerLocalFirewall = defineCause({
  id: 'peer-local-firewall',
  title: 'A machine on the LAN only lets in its own subnet',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  background: `
    Personal firewalls trust the subnet of their machine. By default, Windows replies to pings and shares files with its own
    subnet only. A container in an L3 subnet is outside of it. The host reaches the machine, and the container reaches the
    router, the internet and other machines. Its requests to this machine leave and get no reply. The network is correct:
    the machine itself has to let in the container subnet.`,
  see: [
    'https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/',
    'https://wiki.nftables.org/',
  ],

  hypothesis: {
    scopes: (view, around) => peerScopes(view, around),
    assume: dropAtPeer,
    unseen: () => 'the packet filter of the machine itself',
    test: atPeer,
  },

  detect(view) {
    const near = failing(view.flows).filter((flow) => crossesParent(flow) && flow.peer === 'lan');
    const drops = near.flatMap((flow) => dropByRules(view, flow) ?? dropBySymptoms(view, flow) ?? []);
    const flows = drops.map((one) => one.flow);
    const flow = telling(flows);
    const first = drops.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    // Its replies may have been lost beyond it: the gateway may drop them as part of no connection.
    if (first.blocked.length === 0 && !repliesWouldShow(view, flow)) return undefined;
    const peers = [...new Map(drops.map((one) => [one.peer, one])).values()];
    return found({
      about: flow,
      detail: { flow, peer: first.peer, peers: peers.map(({ peer }) => peer), subnets: subnetsOf(flows), drops },
      explains: idsOf(flows),
      confidence: first.blocked.length > 0 ? 'certain' : 'likely',
      because: peers.flatMap((one) => dropSeen(view, one)),
    });
  },
  explain: ({ flow, peer, subnets }) =>
    `${complaint(flow)}: ${peer} itself drops packets from ${subnets.join(' and ')}, which is not its own subnet.`,
  remedy: ({ peers, drops }) => {
    const of = (peer: string) => drops.filter((one) => one.peer === peer);
    const commands = peers.flatMap((peer) =>
      acceptBlocked(
        peer,
        of(peer).flatMap(({ blocked }) => blocked),
      ),
    );
    return [
      ...(commands.length > 0
        ? [
            {
              title: 'Allow what the failed checks send, on the machine itself',
              use: 'run' as const,
              changes: commands,
            },
          ]
        : []),
      ...peers.map((peer) => advice('The same on Windows', peer, onWindows(of(peer)))),
    ];
  },
});

/** Windows lets in the replies to its own requests. */
function onWindows(drops: readonly PeerDrop[]): readonly ShellCommand[] {
  const requests = trafficOf(drops.flatMap(({ flow }) => (flow.outbound ? [{ flow, part: 'request' as const }] : [])));
  return requests.map(({ sources, protocol, port }) => {
    const what =
      protocol === 'icmp' ? sh`ICMPv4 -IcmpType 8` : sh`${protocol.toUpperCase()} -LocalPort ${port ?? 'Any'}`;
    return sh`New-NetFirewallRule -DisplayName "Containers" -Direction Inbound -RemoteAddress ${embeddedList(sources, ',')} -Protocol ${what} -Action Allow`;
  });
}

function dropSeen(view: Observed, { flow, peer, by }: PeerDrop): readonly Observation[] {
  if (by) {
    const { address } = flow.outbound ? flow.from : flow.to;
    return [{ kind: 'filter-drops', node: peer, by, what: { kind: 'source', source: address } }];
  }
  const answered = hostFlowTo(view, flow);
  return [...requestsSeen(view, flow, flow.network?.parent), ...(answered ? [flowSeen(answered)] : [])];
}
