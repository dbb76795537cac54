import { expect } from 'chai';
import { removeSiteScript, siteScript } from '../../src/topology/site.js';
import { switchPorts } from '../../src/topology/site-names.js';
import { plan } from '../scenario/write.js';

const siteWith = (parent: string) =>
  plan({
    site: `{ host: { interface: bond1, parent: ${parent} } }`,
    networks: '[{ name: net, mode: l2, parent: bond1, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1 }] }]',
    containers: '[{ name: webapp, network: net, address: 192.168.0.100 }]',
  }).site;

/** The lines of a script, in its order, that hold a text. */
const lines = (script: string, text: string) => script.split('\n').filter((line) => line.includes(text));

const portsOf = (parent: string) =>
  switchPorts(siteWith(parent)).flatMap(({ node, device }) => (node === 'host' ? [device] : []));

describe('a site whose host has a bond or a bridge', () => {
  it('wires each leg of a bond to a port of its own, and has the first as the active one', () => {
    const script = siteScript(siteWith('{ bond: { mode: active-backup } }'), []);
    expect(lines(script, 'bond1')).to.deep.equal([
      'link add bond1 type bond mode active-backup miimon 100 primary eth1',
      'link set eth1 master bond1',
      'link set eth2 master bond1',
      'addr add 192.168.0.2/24 dev bond1',
      'link set bond1 up',
    ]);
    expect(lines(script, 'p-host')).to.deep.equal([
      'link add p-host-eth1 type veth peer name eth1',
      'link add p-host-eth2 type veth peer name eth2',
      'link set p-host-eth1 master br0 up',
      'link set p-host-eth2 master br0 up',
    ]);
    expect(portsOf('{ bond: { mode: balance-alb } }')).to.deep.equal(['p-host-eth1', 'p-host-eth2']);
  });

  it('bundles the ports of the switch where one machine’s frames leave by several legs', () => {
    const script = siteScript(siteWith('{ bond: { mode: balance-rr } }'), []);
    expect(lines(script, 'p-host')).to.include.members([
      'link add p-host type bond mode balance-rr miimon 100',
      'link set p-host-eth2 master p-host',
      'link set p-host master br0 up',
    ]);
    expect(script).to.not.include('p-host-eth1 master br0');
    for (const mode of ['balance-rr', 'balance-xor', '802.3ad'])
      expect(portsOf(`{ bond: { mode: ${mode} } }`), mode).to.deep.equal(['p-host']);
  });

  it('makes a bridge of one port, with what the file says of it', () => {
    const script = siteScript(siteWith('{ bridge: { stp: true, snooping: false } }'), []);
    expect(lines(script, 'bond1')[0]).to.equal(
      'link add bond1 type bridge stp_state 1 forward_delay 200 mcast_snooping 0',
    );
    expect(script).to.include('link set eth1 addrgenmode none master bond1 up').and.include('brport/state');
    expect(portsOf('{ bridge: {} }')).to.deep.equal(['p-host']);
  });

  it('is removed with its legs', () => {
    const script = removeSiteScript(siteWith('{ bond: {} }'));
    for (const device of ['bond1', 'eth1', 'eth2'])
      expect(script).to.include(`ip link del ${device} `).and.include(`the interface ${device} is still there`);
  });

  it('is as it was where the host has a plain link', () => {
    const script = siteScript(plan({}).site, []);
    expect(lines(script, 'enp0s3')).to.deep.equal([
      'link add p-host type veth peer name enp0s3',
      'ip -n switch link set enp0s3 netns $$',
      'addr add 192.168.0.2/24 dev enp0s3',
      'link set enp0s3 up',
    ]);
  });
});
