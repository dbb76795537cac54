import { expect } from 'chai';
import { ipv6Config } from '../../../../src/diagnosis/causes/container/ipv6-config.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { recreated, retargeted } from '../../readdress.js';
import { arriving, change, describeCause, lost, recorded, withLink, type Situation } from '../../situation.js';

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

describe('a network without an IPv6 subnet', () => {
  const fixes = (situation: Situation) =>
    diagnose(situation, [ipv6Config]).found[0]?.remedies.map(({ commands }) =>
      commands.map(({ run }) => run).join('\n'),
    );
  const onLan = lost(
    retargeted(recorded('l2-healthy'), 'webapp>google.com/icmp', SIX),
    'no-route',
    'webapp>google.com/icmp',
  );

  it('is fixed by commands: with the subnet of the LAN, or by router advertisements', () => {
    const six = withLink(onLan, 'host', {
      name: 'enp0s3',
      addresses: ['192.168.0.2/24', '2001:db8:1::2/64', 'fe80::1/64'],
    });
    const [recreate, advertised, ...others] = fixes(six) ?? [];
    expect(recreate).to.match(/^docker network rm .+ --ipv6 .*--subnet 2001:db8:1::\/64/);
    expect(advertised).to.include(
      '--driver-opt com.docker.network.endpoint.sysctls=net.ipv6.conf.IFNAME.disable_ipv6=0',
    );
    expect(others).to.deep.equal([]);
  });

  it('asks for the subnet where the host has none on the parent', () => {
    expect(fixes(onLan)?.[0]).to.match(/^docker network create .*--subnet IPV6_SUBNET/);
  });

  it('takes no advertisements in L3', () => {
    expect(fixes(asked)).to.have.lengthOf(1);
  });
});
