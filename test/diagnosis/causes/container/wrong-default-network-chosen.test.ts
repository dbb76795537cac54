import { wrongDefaultNetworkChosen } from '../../../../src/diagnosis/causes/container/wrong-default-network-chosen.js';
import {
  alsoAsked,
  arriving,
  change,
  describeCause,
  lost,
  recorded,
  withoutRoutes,
  withRoute,
  unseen,
  type Situation,
} from '../../situation.js';
import { acrossVlans } from '../../two-networks.js';

const ID = 'elsewhere>webapp/icmp';
const isDefault = ({ destination }: { readonly destination: string }) => destination === '0.0.0.0/0';
/** A machine beyond the gateway sends the request, and the container is on a bridge too. */
const twice = (network: string): Situation =>
  change(
    lost(alsoAsked(recorded('l2-healthy'), 'laptop>webapp/icmp', { id: ID, from: 'branch' }), 'timeout', ID),
    (was) => ({
      nodes: [...was.nodes, { name: 'branch', kind: 'peer', addresses: ['192.168.30.10'] }],
      networks: [
        ...was.networks,
        {
          ...was.networks[0]!,
          name: 'front',
          driver: 'bridge',
          mode: undefined,
          parent: 'br-1',
          subnets: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.1' }],
        },
      ],
      containers: was.containers.map((one) =>
        one.name === 'webapp'
          ? { ...one, attachments: [...one.attachments, { network, addresses: ['172.30.0.2'], gateway: '172.30.0.1' }] }
          : one,
      ),
      links: {
        ...was.links,
        webapp: (was.links['webapp'] ?? []).flatMap((link) =>
          link.name === 'eth0' ? [link, { ...link, name: 'eth1', kind: 'veth', addresses: ['172.30.0.2/24'] }] : [link],
        ),
      },
    }),
  );
const byBridge = withRoute(withoutRoutes(twice('front'), 'webapp', isDefault), 'webapp', {
  destination: '0.0.0.0/0',
  via: '172.30.0.1',
  device: 'eth1',
});

const STATEFUL = 'ct state invalid drop';
/** With what fails for the reason that was recorded left out. */
const inVlans = (rule: string): Situation => arriving(acrossVlans(rule), 'branch>192.168.0.100/icmp');

describeCause(wrongDefaultNetworkChosen, {
  recognises: {
    'a default route through the bridge, while the request came in through the LAN': byBridge,
    'the same, where another container sends the request': recorded('l2-default-by-other-network'),
    'a connection without data to the address in another VLAN, answered straight past a stateful router':
      inVlans(STATEFUL),
    'the same, where the router was not looked at': unseen(inVlans(STATEFUL), 'gateway'),
  },
  leavesAlone: {
    'a default route through the network that the request came in through': twice('front'),
    'a route of its own to the sender': withRoute(byBridge, 'webapp', {
      destination: '192.168.30.0/24',
      via: '192.168.0.1',
      device: 'eth0',
    }),
    'a container on one network': recorded('l2-no-gateway'),
    'a reply that arrives': arriving(byBridge, '*'),
    'a reply straight past the router, and a connection that carries data': arriving(inVlans(STATEFUL), '*'),
    'a reply straight past a router whose rules pass what belongs to no connection':
      inVlans('ip daddr 10.0.0.0/8 drop'),
  },
});
