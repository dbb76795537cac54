import { expect } from 'chai';
import { legsMoved } from '../../../src/probes/facts/counters.js';
import { parseLinks } from '../../../src/probes/facts/links.js';

describe('links that are made of others', () => {
  const link = {
    ifindex: 6,
    ifname: 'eth0',
    flags: ['UP', 'LOWER_UP'],
    operstate: 'UP',
    mtu: 1500,
    link_type: 'ether',
  };
  const parsed = (more: object) => parseLinks(JSON.stringify([{ ...link, ...more }]))[0];

  it('know a bond’s mode and active leg, and how it uses each leg', () => {
    const linkinfo = { info_kind: 'bond', info_data: { mode: 'active-backup', active_slave: 'eth1', miimon: 100 } };
    expect(parsed({ linkinfo })).to.deep.include({ mode: 'active-backup', bond: { activeLeg: 'eth1' } });
    const used = { state: 'BACKUP', mii_status: 'GOING_BACK', link_failure_count: 2, perm_hwaddr: '02:00:00:00:00:01' };
    const leg = parsed({ master: 'bond1', linkinfo: { info_slave_kind: 'bond', info_slave_data: used } });
    expect(leg).to.deep.include({
      controller: 'bond1',
      leg: { state: 'backup', mii: 'going_back', failures: 2, permanentMac: '02:00:00:00:00:01' },
    });
  });

  it('know whether a bridge runs STP and snooping, and the state of a port', () => {
    const linkinfo = { info_kind: 'bridge', info_data: { stp_state: 0, mcast_snooping: 1 } };
    expect(parsed({ linkinfo })).to.deep.include({ bridge: { stp: false, snooping: true } });
    const port = parsed({ linkinfo: { info_slave_kind: 'bridge', info_slave_data: { state: 'forwarding' } } });
    expect(port?.leg).to.include({ state: 'forwarding', mii: undefined });
    expect(parsed({})).to.not.have.any.keys('bond', 'bridge', 'leg');
  });

  it('know how many packets passed each leg of a bond', () => {
    const counted = (ifname: string, kind: string, [received, sent]: readonly [number, number]) => ({
      ...{ ifname, linkinfo: { info_slave_kind: kind } },
      stats64: { rx: { packets: received }, tx: { packets: sent, dropped: 0 } },
    });
    const before = [
      {},
      counted('eth1', 'bond', [10, 20]),
      counted('eth2', 'bond', [5, 0]),
      counted('veth1', 'bridge', [1, 1]),
    ];
    const after = [
      counted('eth1', 'bond', [10, 52]),
      counted('eth2', 'bond', [9, 0]),
      counted('veth1', 'bridge', [3, 3]),
    ];
    expect(legsMoved(JSON.stringify(before), JSON.stringify(after))).to.deep.equal({
      eth1: { received: 0, sent: 32 },
      eth2: { received: 4, sent: 0 },
    });
  });
});
