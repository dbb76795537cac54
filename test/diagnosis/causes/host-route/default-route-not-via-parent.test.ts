import { expect } from 'chai';
import { defaultRouteNotViaParent } from '../../../../src/diagnosis/causes/host-route/default-route-not-via-parent.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import {
  arriving,
  change,
  describeCause,
  recorded,
  withRoute,
  withoutRoutes,
  type Situation,
} from '../../situation.js';

const elsewhere = recorded('comment-default-route-by-another-interface');

/** Both network cards are in the LAN, and the default route uses the one that is not the parent. */
const twoInOneLan = change(
  withRoute(
    withoutRoutes(elsewhere, 'host', ({ destination }) => destination === '0.0.0.0/0'),
    'host',
    { destination: '0.0.0.0/0', via: '192.168.0.1', device: 'uplink1' },
  ),
  ({ links }) => ({
    links: {
      ...links,
      host: (links['host'] ?? []).map((link) =>
        link.name === 'uplink1' ? { ...link, addresses: ['192.168.0.3/24'] } : link,
      ),
    },
  }),
);

describe('a default route through another interface in the same subnet', () => {
  const told = (situation: Situation) => {
    const [first] = diagnose(situation, [defaultRouteNotViaParent]).found;
    return { explanation: first?.explanation, remedies: first?.remedies.map(({ title }) => title) ?? [] };
  };

  it('is answered by that interface as the parent first, and by ARP of its own for each', () => {
    const { explanation, remedies } = told(twoInOneLan);
    expect(explanation).to.match(/Both have an address in 192\.168\.0\.0\/24/);
    expect(remedies.map((title) => title.slice(0, 35))).to.deep.equal([
      'Make the interface of the default r',
      'Add a second default route through ',
      'Beside the second default route, le',
    ]);
  });

  it('is not said of interfaces in two subnets', () => {
    const { explanation, remedies } = told(elsewhere);
    expect(explanation).not.to.match(/Both have an address/);
    expect(remedies[0]).to.match(/^Add a second default route/);
    expect(remedies).to.have.length(2);
  });
});

describeCause(defaultRouteNotViaParent, {
  recognises: {
    'a default route through a second interface': elsewhere,
    'a default route through a second interface in the same subnet': twoInOneLan,
    'a default route through the second interface in two halves, as VPNs write it': withRoute(
      withRoute(
        withoutRoutes(
          recorded('comment-gateway-does-not-nat'),
          'host',
          ({ destination }) => destination === '0.0.0.0/0',
        ),
        'host',
        { destination: '0.0.0.0/1', device: 'wg0' },
      ),
      'host',
      { destination: '128.0.0.0/1', device: 'wg0' },
    ),
  },
  leavesAlone: {
    'an internal L3 network, which has no default route': recorded('moby-dns'),
    'a second default route through the parent, with any metric': withRoute(elsewhere, 'host', {
      destination: '0.0.0.0/0',
      via: '192.168.0.1',
      device: 'enp0s3',
      metric: 9999,
    }),
    'a host without any default route': withoutRoutes(
      elsewhere,
      'host',
      ({ destination }) => destination === '0.0.0.0/0',
    ),
    'an unused second uplink': withRoute(recorded('article-first-attempt'), 'host', {
      destination: '0.0.0.0/0',
      via: '10.9.9.1',
      device: 'wlan0',
      metric: 600,
    }),
    'containers that arrive all the same': arriving(elsewhere, 'webapp>*', 'database>*'),
    'L2, whose packets never use the host’s routes': change(elsewhere, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, mode: 'l2' })),
    })),
  },
});
