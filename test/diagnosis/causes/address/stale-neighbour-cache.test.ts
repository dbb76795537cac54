import { staleNeighbourCache } from '../../../../src/diagnosis/causes/address/stale-neighbour-cache.js';
import type { Neighbour } from '../../../../src/evidence/facts.js';
import { seenFromHost } from '../../../replay/seen-from-host.js';
import { recreated, withNewLink } from '../../readdress.js';
import {
  arriving,
  change,
  describeCause,
  recorded,
  withLink,
  withoutPackets,
  type Situation,
} from '../../situation.js';

const stale = recorded('l2-stale-neighbour-cache');
const WRONG = '02:00:5e:00:53:63';

/** As if a node remembered this, and of the address nothing else. */
function withEntry(situation: Situation, node: string, to: Partial<Neighbour>): Situation {
  const entry: Neighbour = { address: '192.168.0.100', device: 'lan0', mac: WRONG, state: 'STALE', ...to };
  return change(situation, ({ neighbours }) => ({
    neighbours: {
      ...neighbours,
      [node]: [...(neighbours[node] ?? []).filter(({ address }) => address !== entry.address), entry],
    },
  }));
}

/** The container's own MAC address. */
const own = stale.facts.links?.['webapp']?.find(({ name }) => name === 'eth0')?.mac;
const lostInL3 = recorded('article-first-attempt');

/** As if the laptop had the address too, on a link with the address that is remembered. */
const given = change(stale, ({ links }) => ({
  links: {
    ...links,
    laptop: (links['laptop'] ?? []).map((link) =>
      link.name === 'eth0' ? { ...link, mac: WRONG, addresses: [...link.addresses, '192.168.0.100/32'] } : link,
    ),
  },
}));

/** As if another link on the parent had the container's address, which has none then. */
const withoutAddress = (situation: Situation) =>
  withNewLink(withLink(situation, 'webapp', { name: 'eth0', addresses: [] }), 'host', {
    name: 'shim7',
    kind: 'ipvlan',
    mac: own,
    addresses: ['192.168.0.100/32'],
  });

describeCause(staleNeighbourCache, {
  recognises: {
    'a gateway that binds the address to a machine that is gone': stale,
    'a gateway with a dynamic entry of such a machine': withEntry(stale, 'gateway', {}),
    'a gateway that was not looked at, whose replies came by with another MAC address': seenFromHost(stale),
    'a gateway whose packets were not captured': withoutPackets(stale, 'host'),
    'a gateway with a stale entry, while another link on the parent has the address of the container':
      withoutAddress(stale),
    'a gateway with a stale entry for the host in front of L3 containers': withEntry(lostInL3, 'gateway', {
      address: '192.168.0.2',
    }),
  },
  leavesAlone: {
    'a gateway that was not looked at, whose replies were seen nowhere': withoutPackets(seenFromHost(stale), 'host'),
    'a gateway that was not looked at, whose replies come with the right MAC address': seenFromHost(
      recorded('l2-healthy'),
    ),
    'a gateway with the right entry': withEntry(stale, 'gateway', { mac: own }),
    'a gateway with the right entry for an address that the container has lost': withoutAddress(
      withEntry(stale, 'gateway', { mac: own }),
    ),
    'a macvlan container that has lost its address: where it was is not known': recreated(withoutAddress(stale), {
      driver: 'macvlan',
    }),
    'a gateway whose ARP request gets no reply': withEntry(stale, 'gateway', { mac: undefined, state: 'FAILED' }),
    'the MAC address of a failed entry': withEntry(stale, 'gateway', { state: 'FAILED' }),
    'a gateway with a stale entry that reaches the container': arriving(stale, '*'),
    'a laptop with a stale entry, where only flows of the gateway fail': withEntry(
      withEntry(stale, 'gateway', { mac: own }),
      'laptop',
      { device: 'eth0' },
    ),
    'an address that two machines have': given,
    'a healthy L2 network': recorded('l2-healthy'),
  },
});
