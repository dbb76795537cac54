import { expect } from 'chai';
import type { Outcome } from '../../src/evidence/evidence.js';
import { arp } from '../../src/probes/flows/arp.js';
import { broadcast } from '../../src/probes/flows/broadcast.js';
import type { Asked, FlowProbe } from '../../src/probes/flows/flow-probe.js';
import { http } from '../../src/probes/flows/http.js';
import { icmp } from '../../src/probes/flows/icmp.js';
import { mtu } from '../../src/probes/flows/mtu.js';
import { multicast } from '../../src/probes/flows/multicast.js';
import { tcp } from '../../src/probes/flows/tcp.js';

const HEAD = 'PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.\n';
const lost = (more = '') =>
  `\n--- 10.0.0.2 ping statistics ---\n5 packets transmitted, 0 received,${more} 100% packet loss, time 813ms\n`;

const at = (time: string, words: string) => `2026/11/29 23:${time} socat[20489] ${words}\n`;
const connecting = (...words: readonly string[]) =>
  ['N opening connection to AF=2 10.0.0.2:80', ...words, 'N exit(1)'].map((line) => at('06:15.125773', line)).join('');
const failing = (why: string) => `E connect(6, AF=2 10.0.0.2:80, 16): ${why}`;
/** It has nothing to send from the first time on, and ends at the second. */
const closing = (from: string, to: string) =>
  at(from, 'N socket 1 (fd 5) is at EOF') + at(to, 'N exiting with status 0');

/** What tools printed, and what it means. Recorded with iputils 20221126 and 20240905, nc of OpenBSD, socat 1.7.4.4. */
const ROWS: readonly (readonly [string, FlowProbe, { stdout?: string; stderr?: string; exitCode: number }, string])[] =
  [
    [
      'answers',
      icmp,
      {
        stdout: `${HEAD}64 bytes from 10.0.0.2: icmp_seq=1 ttl=63 time=0.107 ms\n\n--- 10.0.0.2 ping statistics ---\n5 packets transmitted, 5 received, 0% packet loss, time 812ms\nrtt min/avg/max/mdev = 0.009/0.038/0.107/0.035 ms\n`,
        exitCode: 0,
      },
      '5/5 ttl 63 0.038',
    ],
    [
      'answers twice, from two machines',
      icmp,
      {
        stdout: `${HEAD}64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.1 ms\n64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.2 ms (DUP!)\n\n--- 10.0.0.2 ping statistics ---\n5 packets transmitted, 5 received, +5 duplicates, 0% packet loss, time 812ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.035 ms\n`,
        exitCode: 0,
      },
      '5/5 duplicate ttl 64 0.2',
    ],
    [
      'some answers',
      icmp,
      {
        stdout: `${HEAD}64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.1 ms\n\n--- 10.0.0.2 ping statistics ---\n5 packets transmitted, 3 received, 40% packet loss, time 812ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.035 ms\n`,
        exitCode: 0,
      },
      '3/5 timeout ttl 64 0.2',
    ],
    ['silence', icmp, { stdout: HEAD + lost(), exitCode: 1 }, '0/5 timeout'],
    [
      'unanswered ARP',
      icmp,
      { stdout: `${HEAD}From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n${lost(' +1 errors,')}`, exitCode: 1 },
      '0/5 host-unreachable "From 10.0.0.1 Destination Host Unreachable"',
    ],
    [
      'a router without a route',
      icmp,
      { stdout: `${HEAD}From 10.0.0.1 icmp_seq=1 Destination Net Unreachable\n${lost(' +1 errors,')}`, exitCode: 1 },
      '0/5 host-unreachable "From 10.0.0.1 Destination Net Unreachable"',
    ],
    [
      'a filter that says so',
      icmp,
      { stdout: `${HEAD}From 10.0.0.1 icmp_seq=1 Packet filtered\n${lost(' +1 errors,')}`, exitCode: 1 },
      '0/5 rejected "From 10.0.0.1 Packet filtered"',
    ],
    [
      'a filter that pretends the port is closed',
      icmp,
      { stdout: `${HEAD}From 10.0.0.1 icmp_seq=1 Destination Port Unreachable\n${lost(' +1 errors,')}`, exitCode: 1 },
      '0/5 rejected "From 10.0.0.1 Destination Port Unreachable"',
    ],
    [
      'the host rejects the packets',
      icmp,
      { stdout: HEAD + lost(), stderr: 'ping: sendmsg: No buffer space available\n'.repeat(5), exitCode: 1 },
      '0/5 refused-locally "ping: sendmsg: No buffer space available"',
    ],
    [
      'the host rejects the packets, and ping still tried the first when it was told to end',
      icmp,
      { stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n0 packets transmitted, 0 received\n\n`, exitCode: 1 },
      '0/5 refused-locally "ping could not send even its first packet (no buffer space)"',
    ],
    [
      'it began late and was told to end before its third answer',
      icmp,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n3 packets transmitted, 2 received, 33% packet loss, time 401ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.035 ms\n`,
        exitCode: 0,
      },
      '2/2 0.2',
    ],
    [
      'it began too late',
      icmp,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n`,
        exitCode: 1,
      },
      'broken',
    ],
    [
      'the host rejects all but the first packet, and ping still tried the second when it was told to end',
      icmp,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 2803ms\n\n`,
        exitCode: 1,
      },
      '0/5 refused-locally "ping could not send its second packet (no buffer space)"',
    ],
    [
      'the host rejects the packets, and ping was told to end after the first',
      icmp,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n`,
        stderr: 'ping: sendmsg: No buffer space available\n',
        exitCode: 1,
      },
      '0/5 refused-locally "ping: sendmsg: No buffer space available"',
    ],
    [
      'one of two large packets answered',
      mtu,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n2 packets transmitted, 1 received, 50% packet loss, time 200ms\n`,
        exitCode: 0,
      },
      '1/2 timeout',
    ],
    [
      'the node’s own filter rejects the packets',
      icmp,
      { stdout: HEAD + lost(), stderr: 'ping: sendmsg: Operation not permitted\n', exitCode: 1 },
      '0/5 refused-locally "ping: sendmsg: Operation not permitted"',
    ],
    [
      'no route',
      icmp,
      { stderr: 'ping: connect: Network is unreachable\n', exitCode: 2 },
      '0/5 no-route "ping: connect: Network is unreachable"',
    ],
    [
      'a route that drops (blackhole)',
      icmp,
      { stderr: 'ping: connect: Invalid argument\n', exitCode: 2 },
      '0/5 no-route "ping: connect: Invalid argument"',
    ],
    [
      'a route that prohibits',
      icmp,
      {
        stderr: 'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n',
        exitCode: 2,
      },
      '0/5 no-route "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules"',
    ],
    [
      'a ping that may not open a socket',
      icmp,
      { stderr: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n', exitCode: 2 },
      'broken',
    ],
    [
      'a kernel without memory for the packets',
      icmp,
      { stdout: HEAD + lost(), stderr: 'ping: sendmsg: Cannot allocate memory\n', exitCode: 1 },
      '0/5 refused-locally "ping: sendmsg: Cannot allocate memory"',
    ],
    [
      'a route that drops (blackhole)',
      tcp,
      { stderr: connecting(failing('Invalid argument')), exitCode: 1 },
      '0/1 no-route "socat: connect: Invalid argument"',
    ],
    [
      'a route that prohibits',
      tcp,
      { stderr: connecting(failing('Permission denied')), exitCode: 1 },
      '0/1 no-route "socat: connect: Permission denied"',
    ],
    ['a ping that cannot mark its packets', icmp, { stderr: "ping: invalid option -- 'e'\n", exitCode: 2 }, 'broken'],
    [
      'too big for the link',
      mtu,
      {
        stdout: `${HEAD}\n--- 10.0.0.2 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 200ms\n`,
        stderr: 'ping: local error: message too long, mtu=1500\n',
        exitCode: 1,
      },
      '0/2 too-big "ping: local error: message too long, mtu=1500"',
    ],
    [
      'too big for a link further on',
      mtu,
      {
        stdout: `${HEAD}From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n\n--- 10.0.0.2 ping statistics ---\n2 packets transmitted, 0 received, +1 errors, 100% packet loss, time 200ms\n`,
        exitCode: 1,
      },
      '0/2 too-big "From 10.0.0.1 Frag needed and DF set (mtu = 1400)"',
    ],
    [
      'connected, and its close acknowledged',
      tcp,
      { stderr: closing('06:15.126066', '06:15.131012'), exitCode: 0 },
      '1/1',
    ],
    [
      'connected, and its close not acknowledged in three seconds',
      tcp,
      { stderr: closing('06:15.126066', '06:18.237033'), exitCode: 0 },
      '0/1 no-data-after-handshake "connected, and what follows the handshake is not acknowledged"',
    ],
    [
      'a close that was acknowledged after it was sent again',
      tcp,
      { stderr: closing('59:57.126066', '59:59.900000'), exitCode: 0 },
      '1/1',
    ],
    [
      'a closed port',
      tcp,
      { stderr: connecting(failing('Connection refused')), exitCode: 1 },
      '0/1 refused "socat: connect: Connection refused"',
    ],
    [
      'a port that does not reply',
      tcp,
      { stderr: connecting('E connecting to AF=2 10.0.0.2:80: Connection timed out'), exitCode: 1 },
      '0/1 timeout "socat: connecting to AF=2 10.0.0.2:80: Connection timed out"',
    ],
    [
      'a port of our own that is taken',
      tcp,
      { stderr: connecting('E bind(6, {AF=2 0.0.0.0:20000}, 16): Address already in use'), exitCode: 1 },
      'broken',
    ],
    ['a program that says nothing', tcp, { exitCode: 1 }, 'broken'],
    [
      'a machine that answers ARP',
      arp,
      {
        stdout:
          'ARPING 10.0.0.2 from 10.0.0.1 eth0\nUnicast reply from 10.0.0.2 [AA:0A:0A:A2:AB:C1]  0.511ms\nUnicast reply from 10.0.0.2 [AA:0A:0A:A2:AB:C1]  0.5ms\nUnicast reply from 10.0.0.2 [AA:0A:0A:A2:AB:C1]  0.5ms\nSent 3 probes (1 broadcast(s))\nReceived 3 response(s)\n',
        exitCode: 0,
      },
      '3/3 → aa:0a:0a:a2:ab:c1',
    ],
    [
      'two machines that answer ARP',
      arp,
      {
        stdout:
          'ARPING 10.0.0.2 from 10.0.0.1 eth0\nUnicast reply from 10.0.0.2 [AA:0A:0A:A2:AB:C1]  0.511ms\nUnicast reply from 10.0.0.2 [02:00:00:00:00:01]  0.5ms\nUnicast reply from 10.0.0.2 [AA:0A:0A:A2:AB:C1]  0.5ms\nSent 3 probes (1 broadcast(s))\nReceived 3 response(s)\n',
        exitCode: 0,
      },
      '3/3 duplicate → aa:0a:0a:a2:ab:c1, 02:00:00:00:00:01',
    ],
    ['a link without ARP', arp, { stderr: 'arping: Interface "eth0" is not ARPable\n', exitCode: 2 }, 'broken'],
    ['a web server', http, { stdout: 'HTTP/1.0 200 OK\r\n\r\nhi', exitCode: 0 }, '1/1 → HTTP/1.0 200 OK'],
    [
      'a web server that sends its visitors elsewhere',
      http,
      { stdout: 'HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/login\r\n\r\n', exitCode: 0 },
      '1/1 → HTTP/1.1 302 Found, location: http://10.0.0.1/login',
    ],
    [
      'a server that accepts and says nothing',
      http,
      { stderr: 'Connection to 10.0.0.2 80 port [tcp/*] succeeded!\n', exitCode: 0 },
      '0/1 timeout "connected, and no HTTP answer came"',
    ],
    ['a target that heard it', broadcast, { stdout: 'ipvlan-doctor\n', exitCode: 0 }, '1/1'],
    ['a link that carries none', broadcast, { exitCode: 0 }, '0/1 timeout'],
    [
      'no node to send it to',
      broadcast,
      {
        stderr:
          '2026/11/24 07:23:18 socat[460] E sendto(5, 0x55, 3, 0, AF=2 255.255.255.255:5353, 16): Network is unreachable\n',
        exitCode: 1,
      },
      '0/1 no-route "2026/11/24 07:23:18 socat[460] E sendto(5, 0x55, 3, 0, AF=2 255.255.255.255:5353, 16): Network is unreachable"',
    ],
    ['a target in the group that replies', multicast, { stdout: 'ipvlan-doctor\n', exitCode: 0 }, '1/1'],
    ['a target that does not reply, until captures tell', multicast, { exitCode: 0 }, '0/1 timeout'],
    [
      'no route to the group',
      multicast,
      {
        stderr:
          '2026/11/29 23:07:12 socat[207] E sendto(5, 0x55, 5, 0, AF=2 224.0.0.251:5353, 16): Network is unreachable\n',
        exitCode: 1,
      },
      '0/1 no-route "2026/11/29 23:07:12 socat[207] E sendto(5, 0x55, 5, 0, AF=2 224.0.0.251:5353, 16): Network is unreachable"',
    ],
  ];

const ASKED: Asked = {
  check: {
    id: 'a>b',
    from: 'a',
    to: { label: 'b', node: undefined, name: undefined, address: '10.0.0.2' },
    over: { protocol: 'mtu', bytes: 1500 },
    expect: { kind: 'reachable' },
    line: undefined,
  },
  tag: 20_000,
  resolver: '"$R"',
  source: undefined,
  pings: undefined,
};

function summary(outcome: Outcome): string {
  if (outcome.kind !== 'attempts') return outcome.kind;
  const { arrived, sent, failure, ttl, roundTripMs, said, answers } = outcome;
  const words = [
    failure,
    ttl && `ttl ${ttl}`,
    roundTripMs?.average,
    ...said.map((line) => `"${line}"`),
    answers.length > 0 && `→ ${answers.join(', ')}`,
  ];
  return [`${arrived}/${sent}`, ...words.filter(Boolean)].join(' ');
}

const echo = (sequence: number) => `64 bytes from 10.0.0.2: icmp_seq=${sequence} ttl=64 time=0.1 ms\n`;
const sent = (packets: number, received: number) =>
  `\n--- 10.0.0.2 ping statistics ---\n${packets} packets transmitted, ${received} received, 0% packet loss, time 0ms\n${received ? 'rtt min/avg/max/mdev = 0.1/0.1/0.1/0.0 ms\n' : ''}`;
const NO_ROOM = '0/1 refused-locally "ping could not send even its first packet (no buffer space)"';

describe('what tools print', () => {
  for (const [title, probe, { stdout = '', stderr = '', exitCode }, expected] of ROWS) {
    it(`${probe.id}: ${title}`, () => {
      expect(summary(probe.parse({ stdout, stderr, exitCode }, ASKED))).to.equal(expected);
    });
  }

  const UNTIL_ANSWERED: readonly (readonly [string, string, string])[] = [
    ['is answered at once', `${HEAD}${echo(1)}${sent(1, 1)}`, '1/1 ttl 64 0.1'],
    ['is answered late, when it had sent another', `${HEAD}${echo(1)}${sent(2, 1)}`, '1/1 ttl 64 0.1'],
    ['is answered after two were lost', `${HEAD}${echo(3)}${sent(3, 1)}`, '1/3 timeout ttl 64 0.1'],
    ['is not answered', `${HEAD}\n${sent(8, 0)}`, '0/7 timeout'],
    ['has no room to send', `${HEAD}\n${sent(0, 0)}`, NO_ROOM],
  ];
  for (const [title, stdout, expected] of UNTIL_ANSWERED) {
    it(`icmp until answered: ${title}`, () => {
      const output = { stdout, stderr: '', exitCode: 0 };
      expect(summary(icmp.parse(output, { ...ASKED, pings: 'until answered' }))).to.equal(expected);
    });
  }
});
