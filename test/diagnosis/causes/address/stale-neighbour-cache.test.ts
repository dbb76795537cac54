import { staleNeighbourCache } from '../../../../src/diagnosis/causes/address/stale-neighbour-cache.js';
import type { Neighbour } from '../../../../src/evidence/facts.js';
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
function remembering(situation: Situation, node: string, to: Partial<Neighbour>): Situation {
  const entry: Neighbour = { address: '192.168.0.100', device: 'lan0', mac: WRONG, state: 'STALE', ...to };
  return change(situation, ({ neighbours }) => ({
    neighbours: {
      ...neighbours,
      [node]: [...(neighbours[node] ?? []).filter(({ address }) => address !== entry.address), entry],
    },
  }));
}

/** The container's own hardware address. */
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
const dispossessed = (situation: Situation) =>
  withNewLink(withLink(situation, 'webapp', { name: 'eth0', addresses: [] }), 'host', {
    name: 'shim7',
    kind: 'ipvlan',
    mac: own,
    addresses: ['192.168.0.100/32'],
  });

describeCause(staleNeighbourCache, {
  recognises: {
    'a gateway that binds the address to a machine that is gone': stale,
    'one that has merely not noticed yet': remembering(stale, 'gateway', {}),
    'one whose packets nobody saw': withoutPackets(stale, 'host'),
    'one that remembers wrongly, while the container has lost its address to another link on the parent':
      dispossessed(stale),
    'a gateway that remembers another machine in front of L3 containers': remembering(lostInL3, 'gateway', {
      address: '192.168.0.2',
    }),
  },
  leavesAlone: {
    'a gateway that remembers rightly': remembering(stale, 'gateway', { mac: own }),
    'a gateway that remembers rightly an address the container has lost': dispossessed(
      remembering(stale, 'gateway', { mac: own }),
    ),
    'a macvlan container that has lost its address: where it was is not known': recreated(dispossessed(stale), {
      driver: 'macvlan',
    }),
    'a gateway that asks and gets no answer': remembering(stale, 'gateway', { mac: undefined, state: 'FAILED' }),
    'wrong memories of a failed entry': remembering(stale, 'gateway', { state: 'FAILED' }),
    'somebody who remembers wrongly, and reaches the container': arriving(stale, '*'),
    'a laptop that remembers wrongly, where only the gateway’s flows fail': remembering(
      remembering(stale, 'gateway', { mac: own }),
      'laptop',
      { device: 'eth0' },
    ),
    'an address given away twice': given,
    'a healthy L2 network': recorded('l2-healthy'),
  },
});
