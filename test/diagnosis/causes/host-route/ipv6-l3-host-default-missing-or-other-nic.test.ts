import { ipv6L3HostDefaultMissingOrOtherNic } from '../../../../src/diagnosis/causes/host-route/ipv6-l3-host-default-missing-or-other-nic.js';
import type { Evidence } from '../../../../src/evidence/evidence.js';
import { arriving, describeCause, lost, recorded, withLink, withRoute } from '../../situation.js';

/** A healthy run of IPv4 with its containers' and the internet's addresses put into IPv6. */
const healthy: Evidence = {
  ...(JSON.parse(
    JSON.stringify(recorded('article-second-attempt'))
      .replaceAll(/192\.168\.(10|20)\.0\/24/g, '2001:db8:$1::/64')
      .replaceAll(/192\.168\.(10|20)\.(\d+)/g, '2001:db8:$1::$2')
      .replaceAll('8.8.8.8', '2001:4860:4860::8888')
      .replaceAll('192.168.0.1"', '2001:db8:1::1"'),
  ) as Evidence),
  origin: 'synthetic',
};
const missing = lost(healthy, 'timeout', 'webapp>google*');
const elsewhere = withRoute(missing, 'host', { destination: '::/0', via: 'fe80::1', device: 'uplink1', metric: 100 });

describeCause(ipv6L3HostDefaultMissingOrOtherNic, {
  recognises: {
    'a host without an IPv6 default route': missing,
    'a host with a better one through another interface': elsewhere,
  },
  leavesAlone: {
    'a host that has one through the parent': withRoute(missing, 'host', {
      destination: '::/0',
      via: '2001:db8:1::1',
      device: 'enp0s3',
      metric: 1024,
    }),
    'containers that arrive': arriving(elsewhere, '*'),
    'a parent that is down, whose routes are gone with it': withLink(missing, 'host', {
      name: 'enp0s3',
      adminUp: false,
      operState: 'DOWN',
    }),
    'a site in which everything works': healthy,
  },
});
