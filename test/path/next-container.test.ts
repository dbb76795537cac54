import { expect } from 'chai';
import { pathsOf } from '../../src/path/trace.js';
import { change, recorded, type Situation } from '../diagnosis/situation.js';

const forwardingOff = recorded('macvlan-container-router-forwarding-off');
const ASKED = 'webapp>google.com/icmp';

const pathIn = (situation: Situation) => {
  const path = pathsOf(situation).find(({ id }) => id === ASKED);
  if (!path) throw new Error('not asked');
  return path;
};

describe('a packet whose next hop is a container on the same parent', () => {
  it('goes on in the namespace of that container, past every hook of the host', () => {
    const { forward } = pathIn(forwardingOff);
    expect(forward.map(({ node, hop }) => `${node} ${hop}`)).to.include.members([
      'vpn sibling',
      'vpn container-route',
      'vpn container-firewall',
    ]);
    expect(forward.map(({ hop }) => hop)).to.not.include.members(['host-forward', 'host-route', 'host-output']);
  });

  it('ends there where the container does not forward, although it showed on the parent on its way in', () => {
    const { end, verdict } = pathIn(forwardingOff);
    expect(end).to.include({ node: 'vpn', hop: 'container-firewall' });
    expect(verdict).to.deep.equal({ kind: 'blocked', reason: { kind: 'forwarding-off', node: 'vpn' } });
  });

  it('leaves through the parent, as frames of that container do, where it forwards', () => {
    const forwarding = change(forwardingOff, ({ sysctls }) => ({
      sysctls: { ...sysctls, vpn: { ...sysctls['vpn'], 'net.ipv4.ip_forward': '1' } },
    }));
    const { forward } = pathIn(forwarding);
    const router = forward.findLastIndex(({ node }) => node === 'vpn');
    expect(forward.slice(router + 1).map(({ node, hop }) => `${node} ${hop}`)).to.include('host ipvlan');
    expect(forward.at(-1)?.hop).to.equal('target');
  });
});

describe('a packet that a container routes into a tunnel of its own', () => {
  const path = pathsOf(recorded('macvlan-container-router-without-nat')).find(({ id }) => id === 'laptop>8.8.8.8/icmp');

  it('is not drawn through the parent again', () => {
    const after = path?.forward.slice(path.forward.findIndex(({ node }) => node === 'vpn')) ?? [];
    expect(after.map(({ node }) => node)).to.not.include('host');
  });

  it('gets no reply where the container does not masquerade it', () => {
    expect(path?.verdict).to.deep.equal({
      kind: 'blocked',
      reason: { kind: 'not-translated', source: '192.168.0.50' },
    });
  });
});
