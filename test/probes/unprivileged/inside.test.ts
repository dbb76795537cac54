import { expect } from 'chai';
import type { Outcome } from '../../../src/evidence/evidence.js';
import { sectionsOf } from '../../../src/probes/unprivileged/inside.js';
import { insideOutcome } from '../../../src/probes/unprivileged/inside-tools.js';
import type { CheckPlan, Over } from '../../../src/scenario/plan.js';
import { makeCheck } from '../../../src/scenario/settle/settle-checks.js';

const check = (over: Over, name?: string): CheckPlan =>
  makeCheck('webapp', { label: name ?? '8.8.8.8', node: undefined, name, address: '8.8.8.8' }, over);
const PING = check({ protocol: 'icmp' });
const CONNECT = check({ protocol: 'tcp', port: 443 });
const ASK = check({ protocol: 'dns' });
const LOOK_UP = check({ protocol: 'dns' }, 'google.com');

const HEAD = 'PING 8.8.8.8 (8.8.8.8): 56 data bytes\n\n--- 8.8.8.8 ping statistics ---\n';
const ARRIVED = `${HEAD}3 packets transmitted, 3 packets received, 0% packet loss\nround-trip min/avg/max = 0.041/0.052/0.061 ms`;

/** What a tool printed, how it ended, and what that means. */
const CASES: Readonly<Record<string, readonly [CheckPlan, text: string, exitCode: number, meaning: string]>> = {
  'busybox ping, all answered': [PING, ARRIVED, 0, '3 of 3'],
  'busybox ping, none answered': [
    PING,
    `${HEAD}3 packets transmitted, 0 packets received, 100% packet loss`,
    1,
    '0 of 3: timeout',
  ],
  'busybox ping, some answered': [
    PING,
    `${HEAD}3 packets transmitted, 1 packets received, 66% packet loss`,
    0,
    '1 of 3: timeout',
  ],
  'busybox ping, forbidden by the container’s own filter': [
    PING,
    'PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: Operation not permitted',
    1,
    '0 of 3: refused-locally',
  ],
  'busybox ping without a route': [
    PING,
    'PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: Network is unreachable',
    1,
    '0 of 3: no-route',
  ],
  'busybox ping without a route, on Alpine': [
    PING,
    'PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: Network unreachable',
    1,
    '0 of 3: no-route',
  ],
  'busybox ping whose router does not answer ARP, on Alpine': [
    PING,
    'PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: Host is unreachable',
    1,
    '0 of 3: host-unreachable',
  ],
  'busybox ping, refused by the host (ENOBUFS)': [
    PING,
    'PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: No buffer space available',
    1,
    '0 of 3: refused-locally',
  ],
  'iputils ping, rejected by the host (ENOBUFS)': [
    PING,
    `ping: sendmsg: No buffer space available\n${HEAD}3 packets transmitted, 0 received, 100% packet loss, time 2031ms`,
    1,
    '0 of 3: refused-locally',
  ],
  'ping that may not open a socket': [PING, 'ping: permission denied (are you root?)', 1, 'broken'],
  'iputils ping that may not open a socket': [
    PING,
    'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted',
    2,
    'broken',
  ],
  'no ping at all': [PING, 'sh: ping: not found', 127, 'broken'],
  'nc that connected and was closed': [CONNECT, '', 0, '1 of 1'],
  'nc that connected and was ended, by busybox': [CONNECT, 'Terminated', 143, '1 of 1'],
  'nc that gave up': [CONNECT, 'nc: timed out', 1, '0 of 1: timeout'],
  'nc that was refused': [
    CONNECT,
    "nc: can't connect to remote host (8.8.8.8): Connection refused",
    1,
    '0 of 1: refused',
  ],
  'nc that knows other flags': [CONNECT, 'nc: invalid option -- w\nBusyBox v1.30 …\n\nUsage: nc …', 1, 'broken'],
  'nslookup that was answered': [
    ASK,
    'Server:\t\t8.8.8.8\nAddress:\t8.8.8.8:53\n\nNon-authoritative answer:\n',
    0,
    '1 of 1',
  ],
  'nslookup without a reply': [ASK, ';; connection timed out; no servers could be reached', 1, '0 of 1: timeout'],
  'nslookup whose question the host drops': [
    ASK,
    "nslookup: write to '8.8.8.8': No buffer space available",
    1,
    '0 of 1: refused-locally',
  ],
  'nslookup that prints nothing': [ASK, '', 1, 'broken'],
  'nslookup of a name, one family alone': [
    LOOK_UP,
    "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\nName:\tgoogle.com\nAddress: 142.250.1.1\n\n*** Can't find google.com: No answer",
    1,
    '1 of 1',
  ],
  'BIND’s nslookup of a name, one family alone': [
    LOOK_UP,
    "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11#53\n\nName:\tgoogle.com\nAddress: 8.8.8.8\n** server can't find google.com: SERVFAIL",
    1,
    '1 of 1',
  ],
  'nslookup of a name that does not exist': [
    LOOK_UP,
    "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n** server can't find google.com: NXDOMAIN",
    1,
    '0 of 1: not-resolved',
  ],
};

const meaningOf = (outcome: Outcome) =>
  outcome.kind === 'attempts'
    ? `${outcome.arrived} of ${outcome.sent}${outcome.failure ? `: ${outcome.failure}` : ''}`
    : outcome.kind;

describe('the output of a tool of the container’s own', () => {
  for (const [name, [asked, text, exitCode, meaning]] of Object.entries(CASES)) {
    it(`is understood: ${name}`, () => {
      expect(meaningOf(insideOutcome({ text, exitCode }, asked))).to.equal(meaning);
    });
  }

  it('is separated from the others by a mark that no program prints', () => {
    const sections = sectionsOf('mark before 0\n/sys 1\nmark 0 1\nping: bad\nmark after 0\n/sys 2\n', 'mark');
    expect([...sections]).to.deep.equal([
      ['before', { text: '/sys 1', exitCode: 0 }],
      ['0', { text: 'ping: bad', exitCode: 1 }],
      ['after', { text: '/sys 2', exitCode: 0 }],
    ]);
  });
});
