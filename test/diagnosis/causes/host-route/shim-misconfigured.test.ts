import { shimMisconfigured } from '../../../../src/diagnosis/causes/host-route/shim-misconfigured.js';
import type { Link } from '../../../../src/evidence/facts.js';
import { arriving, change, describeCause, recorded, withRoute, type Situation } from '../../situation.js';

const isolated = recorded('l2-host-to-own-container');
const shimmed = (more: Partial<Link>): Situation =>
  change(isolated, ({ links }) => ({
    links: {
      ...links,
      host: (links['host'] ?? []).flatMap((link) =>
        link.name === 'enp0s3'
          ? [link, { ...link, name: 'mgmt', kind: 'ipvlan', mode: 'l2', addresses: ['192.168.0.250/24'], ...more }]
          : [link],
      ),
    },
  }));
const routed = (situation: Situation) =>
  withRoute(situation, 'host', { destination: '192.168.0.100/31', device: 'mgmt' });

describeCause(shimMisconfigured, {
  recognises: {
    'a shim with the whole prefix, while the parent holds the first route': shimmed({}),
    'a shim that is set down, with any routes': routed(shimmed({ adminUp: false })),
    'a shim without an address': shimmed({ addresses: [] }),
  },
  leavesAlone: {
    'a host without a shim': isolated,
    'a shim of the other driver, on another parent': shimmed({ kind: 'macvlan' }),
    'a shim with routes to the containers, while something else is wrong': routed(shimmed({})),
    'a host that gets through': arriving(shimmed({}), '*host*'),
  },
});
