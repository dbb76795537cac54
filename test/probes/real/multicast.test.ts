import { expect } from 'chai';
import type { CheckPlan } from '../../../src/scenario/plan.js';
import { containerListener } from '../../../src/topology/site-services.js';
import { check, has, see, summary } from './asking.js';
import { withNamespaces, type Namespaces } from './namespaces.js';

const MDNS = { protocol: 'multicast', group: '224.0.0.251', port: 5353 } as const;
const SSDP = { protocol: 'multicast', group: '239.255.255.250', port: 1900 } as const;
const MDNS6 = { protocol: 'multicast', group: 'ff02::fb', port: 5353 } as const;
const DEVICES = [
  { node: 'host', device: 'eth0' },
  { node: 'host', device: 'narrow' },
  { node: 'lan', device: 'eth0' },
  { node: 'far', device: 'eth0' },
];

describe('a datagram to a group, in namespaces', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  before(async function () {
    if (!(await has(net, 'socat'))) this.skip();
  });

  const at = (node: string, one: CheckPlan): CheckPlan => ({ ...one, to: { ...one.to, node } });
  const checks = [
    at('lan', check('host', '10.9.0.2', MDNS)),
    at('lan', check('host', 'fd09::2', MDNS6)),
    at('far', check('host', '10.8.0.1', MDNS)),
    at('lan', check('far', '10.8.0.2', SSDP)),
  ];

  for (const facts of [true, false])
    it(`arrives where the target is on the link, and not beyond a router (${facts ? 'with' : 'without'} facts)`, async () => {
      const { probes, missing } = await see(net, checks, {
        facts,
        captures: [...DEVICES, { node: 'lan', device: 'eth1' }],
      });
      expect(probes.map(({ outcome }) => summary(outcome))).to.deep.equal(['1/1', '1/1', '0/1 timeout', '1/1']);
      expect(missing.filter(({ fact }) => fact === 'captures')).to.deep.equal([]);
    });

  it('is captured on the link of its sender that its route is through', async () => {
    const { facts, probes } = await see(net, checks.slice(0, 1), { facts: true, captures: DEVICES });
    const seen = facts.captures!.flatMap(({ node, device, packets }) =>
      packets.some(({ content }) => content.kind === 'udp' && content.sourcePort === probes[0]?.tag)
        ? [`${node}/${device}`]
        : [],
    );
    expect(seen).to.deep.equal(['host/eth0', 'lan/eth0']);
  });

  it('is answered by a service that joined the group, which needs no capture', async () => {
    const joins = containerListener({ ...MDNS, protocol: 'udp' }, ['eth0', 'eth1']);
    await net.expect(`ip netns exec lan setsid ${joins} </dev/null >/dev/null 2>&1 &
      until [ -n "$(ip netns exec lan ss -Hnlu 'sport = :5353')" ]; do sleep 0.05; done`);
    const { probes } = await see(net, checks.slice(0, 1));
    expect(summary(probes[0]!.outcome)).to.equal('1/1');
  });
});
