import { hostChildIsolation } from '../../../../src/diagnosis/causes/link/host-child-isolation.js';
import { arriving, change, describeCause, lost, recorded, withLink } from '../../situation.js';

const isolated = recorded('l2-host-to-own-container');

describeCause(hostChildIsolation, {
  recognises: { 'a host that pings its own L2 container': isolated },
  leavesAlone: {
    'L3, where host and container talk through the gateway': lost(
      recorded('article-second-attempt'),
      'timeout',
      'webapp>host/icmp',
    ),
    'a host with a link of its own on the parent': change(isolated, ({ links }) => ({
      links: {
        ...links,
        host: (links['host'] ?? []).flatMap((link) =>
          link.name === 'enp0s3' ? [link, { ...link, name: 'shim', kind: 'ipvlan', mode: 'l2' }] : [link],
        ),
      },
    })),
    'a parent that is down': withLink(isolated, 'host', { name: 'enp0s3', adminUp: false }),
    'a host that gets through': arriving(isolated, '*host*'),
  },
});
