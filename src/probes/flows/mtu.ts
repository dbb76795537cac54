import { familyOf } from '../../ip.js';
import { quote } from '../../shell.js';
import { sentFrom, type FlowProbe } from './flow-probe.js';
import { parsePing, pingBudget } from './icmp.js';

/** Bytes of IP and ICMP header that a ping adds to its payload. */
const HEADERS = { 4: 28, 6: 48 } as const;
const COUNT = 2;

export const mtu: FlowProbe = {
  id: 'mtu',
  insists: true,
  title: 'One IP packet of a given size with don’t-fragment set',
  packets: () => pingBudget(COUNT),
  command({ check, tag, source }) {
    const bytes = 'bytes' in check.over ? check.over.bytes : 1500;
    const payload = Math.max(0, bytes - HEADERS[familyOf(check.to.address) ?? 4]);
    return `ping -n -M do -c ${COUNT} -i 0.2 -W 3 -s ${payload} -e ${tag}${sentFrom('-I', source)} ${quote(check.to.address)}`;
  },
  parse: (output) => parsePing(output, COUNT),
};
