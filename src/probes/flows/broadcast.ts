import { familyOf } from '../../ip.js';
import { ALL_ON_LINK } from '../../scenario/to-many.js';
import { quote } from '../../shell.js';
import { attempts, failureIn, wordsOf, type FlowProbe } from './flow-probe.js';
import { portOf } from './tcp.js';

/** Seconds it waits for an answer. */
const WAIT = 3;

/**
 * What discovery protocols (mDNS, SSDP, DHCP, Wake-on-LAN) depend on. Only the target's reply counts, recognized by its own address:
 * other nodes that listen may reply too. IPv6 has no broadcast; its nearest is the group of all nodes on the link.
 */
export const broadcast: FlowProbe = {
  id: 'broadcast',
  title: 'UDP datagram to all nodes on the link, which the target answers',
  packets: () => 1,
  command({ check, tag }) {
    const six = familyOf(check.to.address) === 6;
    const group = six ? `[${ALL_ON_LINK[6]}]` : ALL_ON_LINK[4];
    const only = six ? `[${check.to.address}]/128` : `${check.to.address}/32`;
    const options = `bind=${six ? '[::]' : ''}:${tag},reuseaddr,range=${only}${six ? '' : ',broadcast'}`;
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
