import { expect } from 'chai';
import { lookup, type NextHop } from '../../../src/network/fib.js';
import { parseRoutes } from '../../../src/probes/facts/routes.js';
import { parseRules } from '../../../src/probes/facts/rules.js';
import { withNamespaces, type Namespaces } from '../../probes/real/namespaces.js';

/** Routes and rules of every kind, on links that lead nowhere. */
const BUILD = `
set -e
for n in 1 2 3; do ip link add d$n type veth peer name e$n; ip link set d$n up; ip link set e$n up; done
ip addr add 172.16.1.1/24 dev d1; ip addr add 172.16.2.1/24 dev d2; ip addr add fd16:1::1/64 dev d1 nodad
ip route add 10.0.0.0/8 via 172.16.1.9; ip route add 10.1.0.0/16 via 172.16.2.9 metric 500
ip route add 10.1.2.0/24 dev d2 metric 9; ip route add 10.1.2.0/24 dev d1 metric 100
ip route add unreachable 10.66.0.0/16; ip route add blackhole 10.67.0.0/16; ip route add prohibit 10.68.0.0/16
ip route add default via 172.16.2.8 dev d2 table 100; ip route add throw 10.3.0.0/16 table 100
ip route add 10.5.0.0/16 dev d3 table 200
ip rule add from 172.16.2.0/24 lookup 100 priority 100
ip rule add to 10.5.0.0/16 lookup 200 priority 200
ip rule add fwmark 0x10/0xf0 lookup 100 priority 300
ip rule add oif d3 unreachable priority 400
ip rule add table main suppress_prefixlength 0 priority 500; ip rule add not fwmark 0x20 table 300 priority 600
ip rule add ipproto tcp dport 7 table 300 priority 50; ip route add default dev e3 table 300
ip -6 route add default via fd16:1::9; ip -6 route add unreachable 2001:db8:66::/48`;

const DESTINATIONS = [
  '10.0.0.1',
  '10.1.0.1',
  '10.1.2.3',
  '10.3.0.1',
  '10.5.0.1',
  '10.66.0.1',
  '10.67.0.1',
  '10.68.0.1',
  '172.16.1.1',
  '172.16.1.7',
  '8.8.8.8',
];
const REQUESTS = [
  {},
  { source: '172.16.1.1' },
  { source: '172.16.2.1' },
  { mark: 0x17 },
  { mark: 0x20 },
  { outDevice: 'd1' },
  { outDevice: 'd2' },
];

describe('route lookup, against the kernel’s own', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces(async (made) => {
    net = made;
    await net.expect(BUILD);
  });

  it('agrees with "ip route get" for every destination, source, mark and output', async () => {
    const routes = [
      ...parseRoutes(await net.expect('ip -4 -json route show table all'), 4),
      ...parseRoutes(await net.expect('ip -6 -json route show table all'), 6),
    ];
    const rules = [
      ...parseRules(await net.expect('ip -4 -json rule show'), 4),
      ...parseRules(await net.expect('ip -6 -json rule show'), 6),
    ];
    const requests = [
      ...DESTINATIONS.flatMap((destination) => REQUESTS.map((request) => ({ destination, ...request }))),
      { destination: '2001:db8::1' },
      { destination: '2001:db8:66::1' },
      { destination: 'fd16:1::1' },
      { destination: 'fd16:1::7' },
    ];
    for (const request of requests) {
      const said = await kernelSays(request);
      const answer = lookup({ routes, rules }, request);
      // Pinned, IPv4 takes what it has no route for to be on-link; "ip route get" says so without naming a route.
      const assumed = 'outDevice' in request && (answer.kind === 'none' || answer.kind === 'blocked');
      expect(assumed ? `dev ${request.outDevice}` : text(answer), JSON.stringify(request)).to.equal(said);
    }
  });

  async function kernelSays(request: { destination: string; source?: string; mark?: number; outDevice?: string }) {
    const { destination, source, mark, outDevice } = request;
    const words = [
      `ip -oneline route get ${destination}`,
      source ? `from ${source}` : '',
      outDevice ? `oif ${outDevice}` : '',
      mark ? `mark ${mark}` : '',
    ];
    const { stdout, stderr } = await net.run(words.join(' '));
    const line = `${stdout.toString()} ${stderr}`;
    if (/RTNETLINK answers/.test(line)) return 'no';
    if (/^local /.test(line)) return 'local';
    const [, via, device] = /(?: via (\S+))? dev (\S+)/.exec(line) ?? [];
    return `${via ? `via ${via} ` : ''}dev ${device}`;
  }
});

function text(hop: NextHop): string {
  if (hop.kind === 'via') return `via ${hop.gateway} dev ${hop.device}`;
  if (hop.kind === 'on-link') return `dev ${hop.device}`;
  return hop.kind === 'local' ? 'local' : 'no';
}
