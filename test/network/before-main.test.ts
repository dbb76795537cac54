import { expect } from 'chai';
import type { Link } from '../../src/evidence/facts.js';
import { ruleBeforeMain } from '../../src/network/before-main.js';
import { NetworkState } from '../../src/network/network-state.js';
import { plainLink } from '../../src/network/plain-node.js';
import { route, rule, USUAL_RULES } from '../path/fib.js';

const link = (name: string, rest: Partial<Link> = {}): Link => ({ ...plainLink(2, name), ...rest });

const LAN = route('192.168.0.0/24', { device: 'eth0' });
const BY_DEFAULT = route('0.0.0.0/0', { device: 'eth0', via: '192.168.0.1' });
const VPN = rule(5270, { table: '52' });

interface Other {
  readonly taken: string;
  readonly through: Link;
}

const takes = ({ taken, through }: Other, destination: string) => {
  const state = new NetworkState({
    nodes: [{ name: 'host', kind: 'host', addresses: ['192.168.0.2'] }],
    links: { host: [link('eth0', { addresses: ['192.168.0.2/24'] }), through] },
    routes: { host: [LAN, BY_DEFAULT, route(taken, { table: '52', device: through.name })] },
    rules: { host: [...USUAL_RULES, VPN] },
  });
  return ruleBeforeMain(state, 'host', { destination });
};

describe('a policy rule whose table is looked up before main', () => {
  const tunnel = link('tailscale0', { kind: 'tun', addresses: ['100.64.0.7/32'] });

  it('takes what main would send to the own LAN into a tunnel', () => {
    expect(takes({ taken: '192.168.0.0/24', through: tunnel }, '192.168.0.50')).to.deep.include({ rule: VPN });
    expect(takes({ taken: '0.0.0.0/0', through: tunnel }, '192.168.0.50')).to.deep.include({ rule: VPN });
  });

  it('does what it is there for where main has only a default route', () => {
    expect(takes({ taken: '0.0.0.0/0', through: tunnel }, '8.8.8.8')).to.equal(undefined);
    expect(takes({ taken: '10.0.0.0/8', through: tunnel }, '10.1.2.3')).to.equal(undefined);
  });

  it('is in order where it leads to a second link on the same subnet, or to a shim', () => {
    const second = link('eth1', { addresses: ['192.168.0.3/24'] });
    const shim = link('shim0', { kind: 'macvlan', addresses: ['192.168.0.250/32'] });
    expect(takes({ taken: '192.168.0.0/24', through: second }, '192.168.0.50')).to.equal(undefined);
    expect(takes({ taken: '192.168.0.50/32', through: shim }, '192.168.0.50')).to.equal(undefined);
  });

  it('is not looked for where routes or rules were not seen', () => {
    expect(ruleBeforeMain(new NetworkState({}), 'host', { destination: '192.168.0.50' })).to.equal(undefined);
  });
});
