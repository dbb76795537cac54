import { ipv6Config } from '../../../../src/diagnosis/causes/container/ipv6-config.js';
import { recreated, retargeted } from '../../readdress.js';
import { arriving, change, describeCause, lost, recorded } from '../../situation.js';

const SIX = '2001:4860:4860::8888';
const healthy = recorded('article-second-attempt');
const asked = lost(retargeted(healthy, 'webapp>google.com/icmp', SIX), 'no-route', 'webapp>google.com/icmp');
const addressed = change(asked, ({ containers, networks }) => ({
  networks: networks.map((network) => ({
    ...network,
    subnets: [...network.subnets, { subnet: '2001:db8:20::/64', gateway: undefined }],
  })),
  containers: containers.map((container) => ({
    ...container,
    attachments: container.attachments.map((one) => ({ ...one, addresses: [...one.addresses, '2001:db8:20::10'] })),
  })),
}));
const setting = (value: string) =>
  change(addressed, ({ sysctls }) => ({
    sysctls: {
      ...sysctls,
      webapp: {
        ...sysctls['webapp'],
        'net.ipv6.conf.eth0.disable_ipv6': value,
        'net.ipv6.conf.all.disable_ipv6': value,
      },
    },
  }));

describeCause(ipv6Config, {
  recognises: {
    'IPv6 turned off inside the container': setting('1'),
    'a network without an IPv6 subnet': asked,
  },
  leavesAlone: {
    'IPv6 turned on, whose packets are lost later': setting('0'),
    'IPv4 that is lost on a network without IPv6': lost(healthy, 'timeout', 'webapp>google.com/icmp'),
    'a network with IPv6 whose container has no IPv6 address': recreated(asked, {
      subnets: [{ subnet: '2001:db8:20::/64', gateway: undefined }],
    }),
    'IPv6 that arrives': arriving(setting('1'), '*'),
  },
});
