import { expect } from 'chai';
import { ipv6Config } from '../../../../src/diagnosis/causes/container/ipv6-config.js';
import { slaacNotForStaticNetwork } from '../../../../src/diagnosis/causes/container/slaac-not-for-static-network.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import {
  arriving,
  change,
  describeCause,
  recorded,
  unseen,
  withoutPackets,
  withoutRoutes,
  type Situation,
} from '../../situation.js';

const advertised = recorded('v6-slaac-not-for-static-network');
const unadvertised = withoutPackets(
  withoutRoutes(advertised, 'host', ({ learned }) => learned === 'ra'),
  'host',
  ({ content }) => content.kind === 'icmp' && content.type === 'router-advertisement',
);

const engine = (situation: Situation, version: string): Situation =>
  change(situation, (was) => ({ engine: { ...was.engine, version } }));

describeCause(slaacNotForStaticNetwork, {
  recognises: {
    'a host with a route from a router advertisement': advertised,
    'the same as the host sees it': unseen(advertised, 'gateway'),
    'a parent that saw an advertisement, which the host takes no route from': withoutRoutes(
      advertised,
      'host',
      ({ learned }) => learned === 'ra',
    ),
  },
  leavesAlone: {
    'a LAN without router advertisements': unadvertised,
    'advertisements on another link of the host': withoutPackets(
      change(advertised, ({ routes }) => ({
        routes: {
          ...routes,
          host: (routes['host'] ?? []).map((one) => (one.learned === 'ra' ? { ...one, device: 'eth0' } : one)),
        },
      })),
      'host',
    ),
    'IPv6 that was turned off in a container with an address': recorded('v6-turned-off-inside'),
    'a container that reaches its targets': arriving(advertised, '*'),
    'a network with an IPv6 subnet': recorded('v6-l2-healthy'),
  },
});

describe('a container without IPv6', () => {
  const titles = (situation: Situation) =>
    diagnose(situation, [slaacNotForStaticNetwork])
      .found[0]?.remedies.map(({ title }) => title)
      .join('\n');

  it('is one cause only: with advertisements on the LAN this one, else the other', () => {
    const both = [ipv6Config, slaacNotForStaticNetwork];
    const found = (situation: Situation) => diagnose(situation, both).found.map(({ cause }) => cause.id);
    expect(found(advertised)).to.deep.equal(['slaac-not-for-static-network']);
    expect(found(unadvertised)).to.deep.equal(['ipv6-config']);
  });

  it('is fixed with the subnet of the LAN, or by SLAAC with an engine that is new enough', () => {
    const [found] = diagnose(advertised, [slaacNotForStaticNetwork]).found;
    const runs = found?.remedies.flatMap(({ commands }) => commands.map(({ run }) => run)).join('\n');
    expect(runs).to.include('--subnet 2001:db8:1::/64');
    expect(runs).to.include('--driver-opt com.docker.network.endpoint.sysctls=net.ipv6.conf.IFNAME.disable_ipv6=0');
    expect(titles(engine(advertised, '26.1.5'))).to.include(
      'Docker Engine 27.0 or newer can do that; this one is 26.1.5',
    );
    expect(titles(engine(advertised, '28.3.0'))).to.not.include('this one is');
  });
});
