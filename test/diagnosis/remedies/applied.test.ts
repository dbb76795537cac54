import { expect } from 'chai';
import type { Change } from '../../../src/diagnosis/remedies/change.js';
import { placeholder, sh, type ShellCommand } from '../../../src/shell.js';
import { filtered } from '../../../src/network/filter.js';
import { NetworkState } from '../../../src/network/network-state.js';
import { sourceNat } from '../../../src/network/source-nat.js';
import { recorded } from '../situation.js';
import { after, whyNot } from './after.js';

/** A host, its L3 containers in 192.168.10.0/24 and .20.0/24, and all of the site. */
const l3 = recorded('article-first-attempt').facts;

const route = (destination: string, more: { readonly via: string | ShellCommand }): Change => ({
  kind: 'route',
  on: 'gateway',
  do: 'replace',
  route: { destination, family: 4, ...more },
});

describe('a change applied to a copy of the state', () => {
  it('leaves the state itself as it is', () => {
    const before = JSON.stringify(l3);
    after(l3, route('192.168.10.0/24', { via: '192.168.0.2' }));
    expect(JSON.stringify(l3)).to.equal(before);
  });

  it('adds a route, which wins where it is the most specific, through the link its next hop is on', () => {
    const { routing } = after(l3, route('192.168.10.0/24', { via: '192.168.0.2' }));
    const hop = routing.lookup('gateway', { destination: '192.168.10.10' });
    expect(hop).to.deep.include({ kind: 'via', gateway: '192.168.0.2', device: 'lan0' });
    expect(routing.lookup('gateway', { destination: '192.168.20.10' })).not.to.deep.include({ gateway: '192.168.0.2' });
  });

  it('replaces the route of the same destination and metric, and deletes it', () => {
    const twice = [route('192.168.10.0/24', { via: '192.168.0.2' }), route('192.168.10.0/24', { via: '192.168.0.50' })];
    const of = ({ routing }: NetworkState) => routing.lookup('gateway', { destination: '192.168.10.10' });
    expect(of(after(l3, ...twice))).to.deep.include({ gateway: '192.168.0.50' });
    const gone: Change = {
      ...{ kind: 'route', on: 'gateway', do: 'delete' },
      route: { destination: '192.168.10.0/24', family: 4 as const },
    };
    expect(of(after(l3, ...twice, gone))).to.deep.equal(of(new NetworkState(l3)));
    expect(whyNot(l3, gone)).to.deep.equal({
      kind: 'rejected',
      because: { kind: 'no-such-route', node: 'gateway', destination: '192.168.10.0/24' },
    });
  });

  it('rejects a route whose next hop is on no link, and one that the reader has to complete', () => {
    expect(whyNot(l3, route('192.168.10.0/24', { via: '10.99.0.1' }))).to.deep.equal({
      kind: 'rejected',
      because: { kind: 'next-hop-not-on-link', node: 'gateway', via: '10.99.0.1' },
    });
    expect(whyNot(l3, route('default', { via: placeholder('GATEWAY') }))).to.deep.equal({ kind: 'to-fill-in' });
  });

  it('says that a node was not seen, and that a line for a person is no change of the model', () => {
    const rest = Object.entries(l3.routes ?? {}).filter(([node]) => node !== 'gateway');
    expect(
      whyNot({ ...l3, routes: Object.fromEntries(rest) }, route('192.168.10.0/24', { via: '192.168.0.2' })),
    ).to.deep.equal({
      ...{ kind: 'not-seen', node: 'gateway', fact: 'routes' },
    });
    expect(whyNot(l3, { on: 'cloud', run: sh`true`, undo: undefined })).to.deep.equal({ kind: 'by-hand', on: 'cloud' });
  });

  it('sets a sysctl that the walk reads, and does not pretend to know others', () => {
    const off: Change = { kind: 'sysctl', on: 'gateway', name: 'net.ipv4.conf.all.forwarding', value: 0 };
    expect(after(l3, off).routing.forwards('gateway', '192.168.10.10')).to.equal(false);
    const other: Change = { kind: 'sysctl', on: 'host', name: 'net.ipv4.tcp_mtu_probing', value: 1 };
    expect(whyNot(l3, other)).to.deep.equal({ kind: 'not-in-model', what: 'sysctl' });
  });

  it('adds a policy rule, which is asked in order of its priority, and deletes it', () => {
    const rule = { family: 4, priority: 50, from: '192.168.10.0/24', action: 'unreachable' } as const;
    const add: Change = { kind: 'policy-rule', on: 'host', do: 'add', rule };
    const query = { destination: '8.8.8.8', source: '192.168.10.10' };
    expect(after(l3, add).routing.lookup('host', query)).to.deep.include({ kind: 'blocked' });
    expect(
      after(l3, add, { kind: 'policy-rule', on: 'host', do: 'delete', rule }).routing.lookup('host', query),
    ).to.deep.include({ kind: 'via' });
  });

  it('accepts traffic at the head of the very chain, and nothing else', () => {
    const dropped = recorded('l3-host-output-drop').facts;
    const firewall = dropped.firewall?.['host'];
    const chain = firewall?.chains.find(({ hook, policy, table }) => hook === 'output' && table !== 'nat' && policy);
    if (!firewall || !chain) throw new Error('no chain');
    const packet = { source: '192.168.10.10', destination: '8.8.8.8', protocol: 'icmp', icmp: 'echo-request' } as const;
    const drop = { ...packet, outDevice: 'enp0s3', state: 'new' as const };
    expect(filtered(firewall, ['output'], drop).kind).to.equal('blocks');
    const place = filtered(firewall, ['output'], drop);
    const at = place.kind === 'blocks' ? place.by.place : chain;
    const traffic = {
      ...{ family: 4 as const, sources: ['192.168.10.0/24'], destinations: [], protocol: 'icmp', port: undefined },
      part: 'request',
    } as const;
    const allowed = after(dropped, { kind: 'allow', on: 'host', at, traffic }).firewall('host');
    expect(allowed && filtered(allowed, ['output'], drop).kind).to.equal('passes');
    const tcp = { ...drop, protocol: 'tcp', port: 443, icmp: undefined };
    expect(allowed && filtered(allowed, ['output'], tcp).kind).to.equal('blocks');
  });

  it('translates a subnet in a chain of a router, and spares it', () => {
    const bare = recorded('comment-gateway-does-not-nat').facts;
    const leaving = { source: '192.168.10.10', device: 'wan0', destination: '8.8.8.8' };
    const answer = (state: NetworkState) => {
      const firewall = state.firewall('gateway');
      return firewall && sourceNat(firewall, leaving).answer;
    };
    expect(answer(new NetworkState(bare))).to.equal('no');
    const at = { backend: 'nftables', family: 'ip', table: 'ours', chain: 'postrouting' } as const;
    const chain: Change = { kind: 'nat-chain', on: 'gateway', at };
    const on = { kind: 'nat' as const, on: 'gateway', at, subnet: '192.168.10.0/24', device: 'wan0' };
    const nat: Change = { ...on, do: 'masquerade' as const };
    expect(answer(after(bare, chain, nat))).to.equal('yes');
    const except: Change = { ...on, do: 'except' as const };
    expect(answer(after(bare, chain, nat, except))).to.equal('no');
    const simple: Change = { kind: 'masquerade', on: 'gateway', subnet: '192.168.10.0/24', device: 'wan0' };
    expect(answer(after(bare, simple))).to.equal('yes');
    expect(whyNot(bare, nat)).to.deep.include({ kind: 'rejected' });
  });

  it('is not made where what it changes is no part of the model', () => {
    expect(whyNot(l3, { kind: 'module', on: 'host', module: 'ipvlan' })).to.deep.include({ what: 'kernel-module' });
    expect(whyNot(l3, { kind: 'service', on: 'host', do: 'restart', service: 'docker' })).to.deep.include({
      what: 'service',
    });
    expect(after(l3, { kind: 'conntrack', on: 'host', source: '192.168.10.0/24' }).names.hostName).to.equal('host');
  });
});
