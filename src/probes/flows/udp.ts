import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf, sentFrom, type FlowProbe } from './flow-probe.js';
import { portOf } from './tcp.js';

export const udp: FlowProbe = {
  id: 'udp',
  title: 'UDP datagram that asks for an answer',
  packets: () => 1,
  command: ({ check, tag, source }) =>
    `nc -n -u -W 1 -w 3 -p ${tag}${sentFrom('-s', source)} ${quote(check.to.address)} ${portOf(check.over)}`,
  input: () => 'ipvlan-doctor\n',
  parse({ stdout, stderr }) {
    if (/invalid|usage|Address already in use/.test(stderr)) return { kind: 'broken', error: stderr.trim() };
    if (stdout.length > 0) return attempts({ sent: 1, arrived: 1 });
    return attempts({ sent: 1, arrived: 0, failure: failureIn(stderr), said: wordsOf(stderr) });
  },
};
