import { expect } from 'chai';
import { plan } from '../write.js';

const ids = (parts: Parameters<typeof plan>[0]) => plan(parts).comparisons.map(({ id }) => id);

describe('comparisons', () => {
  it('go from container outwards, back, and from the host in its place', () => {
    expect(ids({ checks: '[{ from: webapp, to: google.com, over: http }]' })).to.deep.equal([
      'webapp>gateway/icmp',
      'webapp>laptop/icmp',
      'webapp>internet/icmp',
      'webapp>host/icmp',
      'webapp>internet/tcp/443',
      'webapp>1.1.1.1/icmp',
      'gateway>webapp/icmp',
      'laptop>webapp/icmp',
      'host>webapp/icmp',
      'host>gateway/icmp',
      'host>internet/icmp',
      'host>laptop/icmp',
      'gateway>internet/icmp',
      'gateway>1.1.1.1/icmp',
      'host>google.com/http',
    ]);
  });

  it('leave out what a check asks already, however it is written', () => {
    const asked = ids({ checks: '[{ from: webapp, to: 8.8.8.8 }, { from: webapp, to: gateway }]' });
    expect(asked).not.to.include.members(['webapp>internet/icmp']).and.not.to.include.members(['webapp>gateway/icmp']);
  });

  it('cross each boundary between subnets once', () => {
    const asked = ids({
      networks: '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/24, 192.168.20.0/24] }]',
      containers:
        '[{ name: a, network: net }, { name: b, network: net }, { name: c, network: net, address: 192.168.20.5 }, { name: d, network: net, address: 192.168.20.6 }]',
      checks:
        '[{ from: a, to: gateway }, { from: b, to: gateway }, { from: c, to: gateway }, { from: d, to: gateway }]',
    });
    expect(asked.filter((id) => id.startsWith('a>')).filter((id) => /^a>[bcd]/.test(id))).to.deep.equal([
      'a>b/icmp',
      'a>c/icmp',
    ]);
  });

  it('do not ask the host for its own L2 children, which it never reaches', () => {
    const asked = ids({
      networks:
        '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1 }] }]',
      containers: '[{ name: webapp, network: net }]',
    });
    expect(asked.filter((id) => /^(host>webapp|webapp>host)/.test(id))).to.deep.equal([]);
    expect(asked).to.include('host>gateway/icmp');
  });

  it('ask in both families where both ends have both', () => {
    const asked = ids({
      site: '{ lan: [192.168.0.0/24, "fd00:1::/64"] }',
      networks: '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/24, "fd00:10::/64"] }]',
      checks: '[{ from: webapp, to: google.com }]',
    });
    expect(asked).to.include.members([
      'webapp>gateway/icmp',
      'webapp>fd00:1::1/icmp',
      'gateway>fd00:10::2/icmp',
      'webapp>2606:4700:4700::1111/icmp',
    ]);
  });

  it('stay bounded: eight containers, and of many only those the checks are about', () => {
    const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
    const containers = `[${names.map((name) => `{ name: ${name}, network: net }`).join(', ')}]`;
    const senders = (checks: string) =>
      new Set(
        plan({ containers, checks })
          .comparisons.map(({ from }) => from)
          .filter((from) => /^c\d/.test(from)),
      );
    expect([...senders('[{ from: c7, to: c9 }]')]).to.deep.equal(['c7', 'c9']);
    expect(senders(`[${names.map((name) => `{ from: ${name}, to: gateway }`).join(', ')}]`).size).to.equal(8);
  });
});
