import { quote } from '../../shell.js';
import { attempts, failureIn, sentFrom, wordsOf, type FlowProbe } from './flow-probe.js';

const COUNT = 3;

export const arp: FlowProbe = {
  id: 'arp',
  title: 'ARP: which MAC addresses answer for an address',
  packets: () => COUNT,
  command({ check, source }) {
    const address = quote(check.to.address);
    const device = `$(ip -o route get ${address}${sentFrom('from', source)} | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')`;
    return `sh -c ${quote(`arping -c ${COUNT} -w 3 -I "${device}"${sentFrom('-s', source)} ${address}`)}`;
  },
  parse({ stdout, stderr }) {
    if (/not ARPable/.test(stdout + stderr))
      return { kind: 'broken', error: 'ARP does not exist on this link: it is IPvlan L3 or L3S.' };
    const answers = [
      ...new Set([...stdout.matchAll(/\[([0-9A-Fa-f:]{17})\]/g)].map(([, mac]) => (mac ?? '').toLowerCase())),
    ];
    const arrived = Math.min(COUNT, [...stdout.matchAll(/^Unicast reply/gm)].length);
    if (!/^Sent \d+ probe/m.test(stdout))
      return { kind: 'broken', error: stderr.trim() || 'arping did not say what it sent' };
    const failure = answers.length > 1 ? 'duplicate' : arrived < COUNT ? failureIn(stderr) : undefined;
    return attempts({ sent: COUNT, arrived, answers, failure, said: wordsOf(stderr) });
  },
};
