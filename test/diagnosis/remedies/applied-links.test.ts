import { expect } from 'chai';
import type { Change } from '../../../src/diagnosis/remedies/change.js';
import { applyAll } from '../../../src/diagnosis/remedies/change.js';
import { placeholder } from '../../../src/shell.js';
import { NetworkState } from '../../../src/network/network-state.js';
import { recorded } from '../situation.js';
import { after, whyNot } from './after.js';

const l3 = recorded('article-first-attempt').facts;
const l2 = recorded('l2-flag-private').facts;
const macvlan = recorded('macvlan-host-to-own-container').facts;

describe('a change of links, addresses and networks, applied to a copy of the state', () => {
  it('sets a link down with its routes and what is attached to it, and up with the routes its addresses bring', () => {
    const down: Change = { kind: 'link', on: 'host', device: 'enp0s3', set: { state: 'down' } };
    const up: Change = { kind: 'link', on: 'host', device: 'enp0s3', set: { state: 'up' } };
    const off = after(l3, down);
    expect(off.links.state('host', 'enp0s3')).to.equal('down');
    expect(off.links.state('webapp', 'eth0')).to.equal('no-carrier');
    expect(off.routing.lookup('host', { destination: '192.168.0.1' })).to.deep.include({ kind: 'none' });
    const on = after(l3, down, up);
    expect(on.links.state('webapp', 'eth0')).to.equal('up');
    expect(on.routing.lookup('host', { destination: '192.168.0.1' })).to.deep.include({ kind: 'on-link' });
    // Only an administrator, or a DHCP client, gives the default route back.
    expect(on.routing.lookup('host', { destination: '8.8.8.8' })).to.deep.include({ kind: 'none' });
  });

  it('sets an MTU, which IPvlan links follow', () => {
    const state = after(l3, { kind: 'link', on: 'host', device: 'enp0s3', set: { mtu: 1400 } });
    expect(state.links.link('webapp', 'eth0')?.mtu).to.equal(1400);
  });

  it('sets the flag of one IPvlan link, which every link on its parent follows', () => {
    const set: Change = {
      ...{ kind: 'link-type', on: 'webapp', device: 'eth0', driver: 'ipvlan' },
      ...{ set: { flag: 'bridge' }, was: { flag: 'private' } },
    };
    expect(new NetworkState(l2).links.link('database', 'eth0')?.flag).to.equal('private');
    expect(after(l2, set).links.link('database', 'eth0')?.flag).to.equal('bridge');
  });

  it('gives the host a shim: a link, its address, and a route that leads through it', () => {
    const changes: readonly Change[] = [
      ...([
        { kind: 'create-link', on: 'host', device: 'shim0', lower: 'enp0s3', driver: 'macvlan', mode: 'bridge' },
        { kind: 'address', on: 'host', do: 'replace', device: 'shim0', address: '192.168.0.240/32' },
      ] as const),
    ];
    const via = { destination: '192.168.0.100/32', family: 4, device: 'shim0', source: '192.168.0.240' } as const;
    const through: Change = { kind: 'route', on: 'host', do: 'replace', route: via };
    expect(whyNot(macvlan, ...changes, through)).to.deep.equal({
      kind: 'rejected',
      because: { kind: 'link-is-down', node: 'host', device: 'shim0' },
    });
    const state = after(
      macvlan,
      ...changes,
      { kind: 'link', on: 'host', device: 'shim0', set: { state: 'up' } },
      through,
    );
    expect(state.addresses.isOwn('host', '192.168.0.240')).to.equal(true);
    expect(state.routing.lookup('host', { destination: '192.168.0.100' })).to.deep.include({ device: 'shim0' });
  });

  it('takes an address off a node with the routes it brought', () => {
    const gone: Change = { kind: 'address', on: 'laptop', do: 'remove', device: 'lan0', address: '192.168.0.50/24' };
    const device = new NetworkState(l3).addresses.deviceOf('laptop', '192.168.0.50') ?? '';
    const state = after(l3, { ...gone, device });
    expect(state.addresses.isOwn('laptop', '192.168.0.50')).to.equal(false);
    expect(state.routing.lookup('laptop', { destination: '192.168.0.1' })).to.deep.include({ kind: 'none' });
  });

  it('gives a container its lost address back, with its default route', () => {
    const lost = recorded('l2-shim-holds-address').facts;
    const back: Change = {
      ...{ kind: 'container-address', on: 'webapp', device: 'eth0', address: '192.168.0.100/24' },
      via: '192.168.0.1',
    };
    const state = after(lost, back);
    expect(state.addresses.isOwn('webapp', '192.168.0.100')).to.equal(true);
    expect(state.routing.lookup('webapp', { destination: '8.8.8.8' })).to.deep.include({ gateway: '192.168.0.1' });
  });

  it('deletes a neighbour entry', () => {
    const stale = recorded('l2-stale-neighbour-cache').facts;
    const [node, entries] = Object.entries(stale.neighbours ?? {}).find(([, all]) => all.length > 0) ?? ['', []];
    const [first] = entries;
    if (!first) throw new Error('no entry');
    const made = applyAll(stale, [{ kind: 'neighbour', on: node, device: first.device, address: first.address }]);
    expect('facts' in made && made.facts.neighbours?.[node]).to.deep.equal(entries.slice(1));
  });

  it('recreates a network in another mode, with the routes that Docker gives there', () => {
    const network = l3.networks?.[0];
    if (!network) throw new Error('no network');
    const flat: Change = {
      ...{ kind: 'network', do: 'recreate', network },
      wanted: { mode: 'l2', subnets: network.subnets.map((one) => ({ ...one, gateway: '192.168.10.1' })) },
    };
    const state = after(l3, flat);
    expect(state.links.link('webapp', 'eth0')).to.deep.include({ mode: 'l2', noArp: false });
    expect(state.routing.lookup('webapp', { destination: '8.8.8.8' })).to.deep.include({ gateway: '192.168.10.1' });
  });

  it('does not guess the address that Docker gives a container in another subnet, nor a parent to be filled in', () => {
    const network = l3.networks?.[0];
    if (!network) throw new Error('no network');
    const elsewhere: Change = {
      ...{ kind: 'network', do: 'recreate', network },
      wanted: { subnets: [{ subnet: '10.9.0.0/24', gateway: undefined }] },
    };
    expect(whyNot(l3, elsewhere)).to.deep.include({ kind: 'new-address' });
    const open: Change = { kind: 'network', do: 'create', network, wanted: { parent: placeholder('INTERFACE') } };
    expect(whyNot(l3, open)).to.deep.equal({ kind: 'to-fill-in' });
  });
});
