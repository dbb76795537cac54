import { familyOf } from '../../ip.js';
import { destinationOf } from '../../scenario/to-many.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf, type FlowProbe } from './flow-probe.js';
import { portOf } from './tcp.js';

/** Seconds it waits for a reply. */
const WAIT = 3;

/**
 * What mDNS and SSDP send: a datagram to a group, out of the link that the sender's own routes choose. The target has it when a capture
 * there sees it (`seen-packets.ts`), or when a program of its own that joined the group replies. A reply is recognized by the
 * target's address: one to an IPv6 group of the link comes from a link-local address, so that there only the capture tells.
 */
export const multicast: FlowProbe = {
  id: 'multicast',
  title: 'UDP datagram to a multicast group, which must reach the target',
  packets: () => 1,
  command({ check, tag }) {
    const six = familyOf(check.to.address) === 6;
    const group = six ? `[${destinationOf(check)}]` : destinationOf(check);
    const only = six ? `[${check.to.address}]/128` : `${check.to.address}/32`;
    const options = `bind=${six ? '[::]' : ''}:${tag},reuseaddr,range=${only}`;
    return `socat -t ${WAIT} -T ${WAIT} - ${quote(`UDP${six ? 6 : 4}-DATAGRAM:${group}:${portOf(check.over)},${options}`)}`;
  },
  input: () => 'ipvlan-doctor\n',
  parse({ stdout, stderr }) {
    if (/unknown option|wrong number|Address already in use/.test(stderr))
      return { kind: 'broken', error: stderr.trim() };
    if (stdout.length > 0) return attempts({ sent: 1, arrived: 1 });
    return attempts({ sent: 1, arrived: 0, failure: failureIn(stderr), said: wordsOf(stderr) });
  },
};
