import { expect } from 'chai';
import type { Route } from '../../src/evidence/facts.js';
import { predictedEnd, stateFrom } from '../../src/path/predicted-end.js';
import { pathsOf } from '../../src/path/trace.js';
import { pathVerdictText } from '../../src/report/words/path.js';
import { change, recorded, type Situation } from '../diagnosis/situation.js';
import { answeredNowAndThen } from '../diagnosis/twice.js';
import { endOf, nodesOf } from './path-ends.js';

describe('a path to an address that two nodes hold', () => {
  it('leads to the node that holds it on the parent', () => {
    const stolen = recorded('l3-container-with-host-address');
    expect(nodesOf(stolen, 'webapp>host/icmp')).to.deep.equal(['webapp', 'database']);
    expect(nodesOf(stolen, 'database>host/icmp')).to.deep.equal(['database']);
    const shim = recorded('l2-shim-holds-address');
    expect(nodesOf(shim, 'laptop>webapp/icmp')).to.deep.equal(['laptop', 'host']);
    expect(nodesOf(shim, 'database>webapp/icmp')).to.deep.equal(['database', 'host']);
  });

  it('leads to the machine on the LAN that was believed', () => {
    const twice = recorded('l2-address-from-dhcp-too');
    expect(nodesOf(twice, 'laptop>webapp/icmp')).to.deep.equal(['laptop', 'printer']);
  });
});

describe('a host whose ARP replies a container takes', () => {
  const stolen = recorded('l3-container-with-host-address');
  const unlearned = {
    ...stolen,
    facts: {
      ...stolen.facts,
      neighbours: {
        ...stolen.facts.neighbours,
        host: [{ address: '192.168.0.50', device: 'enp0s3', mac: undefined, state: 'FAILED' }],
      },
    },
  };
  const reasons = (situation: Situation, id: string) =>
    pathsOf(situation)
      .find((path) => path.id === id)
      ?.forward.filter(({ predicted }) => predicted.verdict === 'blocks')
      .map(({ hop }) => hop);

  it('sends nothing to a next hop it could not learn', () => {
    expect(reasons(stolen, 'webapp>gateway/icmp')).to.deep.equal(['ipvlan']);
    expect(reasons(unlearned, 'webapp>laptop/icmp')).to.deep.equal(['ipvlan']);
  });

  it('sends to one that it learned from a broadcast', () => {
    expect(reasons(stolen, 'webapp>laptop/icmp')).to.deep.equal([]);
  });
});

describe('the end of a path', () => {
  it('is the wire for a VLAN the switch port does not carry, for requests from either side', () => {
    const cut = recorded('l2-vlan-on-access-port');
    expect(endOf(cut, 'webapp>google.com/icmp')).to.deep.equal(['forward', 'lan', 'host', 'agree']);
    expect(endOf(cut, 'laptop>webapp/icmp')).to.deep.equal(['forward', 'lan', 'gateway', 'agree']);
  });

  it('is in the first round for what would go in circles, though later rounds pass by the same places', () => {
    const circle = recorded('l3-gateway-given');
    expect(endOf(circle, 'webapp>192.168.10.1/icmp')).to.deep.equal(['forward', 'host-forward', 'host', 'agree']);
  });

  it('is the container that should answer for an address and has lost it', () => {
    const bare = recorded('v6-turned-off-inside');
    const end = ['forward', 'container-route', 'webapp', 'agree'];
    expect(endOf(bare, 'laptop>2001:db8:1::100/icmp')).to.deep.equal(end);
    expect(endOf(bare, 'database>2001:db8:1::100/icmp')).to.deep.equal(end);
  });

  it('is the container’s own route for what it takes for a neighbour and is on the internet', () => {
    const wide = recorded('l2-prefix-too-short');
    expect(endOf(wide, 'webapp>wordpress.com/icmp')).to.deep.equal(['forward', 'container-route', 'webapp', 'agree']);
  });

  it('is the LAN for requests and replies that a machine with the same address gets', () => {
    const twice = recorded('l2-address-from-dhcp-too');
    expect(endOf(twice, 'laptop>webapp/tcp/8080')).to.deep.equal(['forward', 'lan', 'laptop', 'agree']);
    expect(endOf(twice, 'webapp>google.com/icmp')).to.deep.equal(['return', 'lan', 'gateway', 'agree']);
  });

  it('is the LAN for those replies that a machine with the same address gets, while others arrive', () => {
    const path = pathsOf(answeredNowAndThen()).find(({ id }) => id === 'webapp>google.com/icmp');
    expect([path?.end?.direction, path?.end?.hop, path?.agreement]).to.deep.equal(['return', 'lan', 'agree']);
    expect(path && pathVerdictText(path)).to.match(
      /^Of 5 packets 2 arrive: .* The others are blocked: laptop also replies to ARP for .*, and gateway sends it the packets for webapp\.$/,
    );
  });

  it('is the link to the parent where a container takes what comes in for the host', () => {
    const stolen = recorded('l3-container-with-host-address');
    expect(endOf(stolen, 'webapp>google.com/icmp')).to.deep.equal(['forward', 'ipvlan', 'host', 'agree']);
    expect(endOf(stolen, 'gateway>webapp/icmp')).to.deep.equal(['return', 'ipvlan', 'host', 'agree']);
  });

  it('is the dummy link of a network without parent, also where an older engine gives a route to a gateway', () => {
    const { facts, ...rest } = recorded('moby-l2-no-parent');
    expect(facts.routes?.['third']?.filter(({ destination }) => destination === '0.0.0.0/0')).to.deep.equal([]);
    const onLink = facts.routes?.['third']?.find(({ device }) => device === 'eth0');
    const byGateway = { ...onLink, destination: '0.0.0.0/0', via: '172.28.202.254', source: undefined } as Route;
    const routes = { ...facts.routes, third: [...(facts.routes?.['third'] ?? []), byGateway] };
    const older: Situation = { ...rest, facts: { ...facts, routes, captures: [] } };
    expect(endOf(older, 'third>8.8.8.8/icmp').slice(0, 3)).to.deep.equal(['forward', 'parent', 'host']);
  });
});

describe('a rule that names a kind of ICMP message', () => {
  it('is known to take a ping or not, so that what it accepts is predicted to pass', () => {
    const ufw = recorded('l3-ufw-defaults');
    const path = pathsOf(ufw).find(({ id }) => id === 'webapp>host/icmp');
    const unclear = path?.forward.filter(({ predicted }) => predicted.verdict === 'unknown');
    expect(unclear).to.deep.equal([]);
  });
});

describe('a reply to an address that a router translates or not', () => {
  const end = (situation: Situation) => {
    const { facts, probes } = situation;
    const probe = probes.find(({ id }) => id === 'webapp>google.com/icmp');
    return probe && predictedEnd(stateFrom(facts), probe);
  };

  it('is lost on the internet where the rules were seen not to translate it', () => {
    expect(end(recorded('comment-gateway-does-not-nat'))).to.include({ kind: 'lost' });
  });

  it('is open where the rules were not seen', () => {
    for (const site of ['comment-gateway-does-not-nat', 'l3-ufw-defaults']) {
      const unread = change(recorded(site), ({ firewall: { gateway: _, ...firewall } }) => ({ firewall }));
      expect(end(unread), site).to.include({ kind: 'unknown', node: 'gateway' });
    }
  });
});
