import { dhcpOnIpvlan } from '../../../../src/diagnosis/causes/service/dhcp-on-ipvlan.js';
import { recreated } from '../../readdress.js';
import { arriving, describeCause, lost, recorded, type Situation } from '../../situation.js';

const over = (situation: Situation, port: number): Situation => ({
  ...situation,
  origin: 'synthetic',
  probes: situation.probes.map((probe) =>
    probe.id === 'webapp>gateway/icmp' ? { ...probe, over: { protocol: 'udp', port } } : probe,
  ),
});
const asked = (id: string, port = 67) => over(lost(recorded(id), 'timeout', 'webapp>gateway/icmp'), port);

describeCause(dhcpOnIpvlan, {
  recognises: {
    'a request for a lease in L2': asked('l2-healthy'),
    'a request for a lease in L3': asked('article-second-attempt'),
    'the same over IPv6': asked('l2-healthy', 547),
  },
  leavesAlone: {
    'another port that does not reply': asked('l2-healthy', 68),
    'macvlan, whose containers have their own MAC addresses': recreated(asked('l2-healthy'), {
      driver: 'macvlan',
      mode: 'bridge',
    }),
    'a server that replies': arriving(asked('l2-healthy'), '*'),
  },
});
