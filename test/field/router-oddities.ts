import { ALL } from './breakage.js';
import { own, rule, set, subnets, type Oddity } from './oddity.js';

const FORWARD = 'type filter hook forward priority 0';
const DSTNAT = 'type nat hook prerouting priority dstnat - 1';
const SRCNAT = 'type nat hook postrouting priority srcnat - 1';

/** What a router may do that no fault of the catalogue does. */
export const ROUTER_ODDITIES: readonly Oddity[] = [
  {
    name: 'the router drops every third big packet of the containers',
    where: ALL,
    touches: [],
    faults: (broken) => [rule('gateway', FORWARD, `ip saddr ${set(broken)} ip length > 900 numgen inc mod 3 0 drop`)],
    akin: ['gateway-acl-drops-container-subnet', 'packet-loss'],
  },
  {
    name: 'the router loses every third big packet in a queue',
    where: ALL,
    touches: ['router lan0'],
    faults: () => [
      {
        on: 'gateway',
        run: 'tc qdisc add dev lan0 root handle 1: prio bands 4 && tc qdisc add dev lan0 parent 1:4 handle 40: netem loss 33% && tc filter add dev lan0 parent 1: protocol all prio 1 u32 match u16 0x0400 0x0400 at 2 flowid 1:4',
        undo: 'tc qdisc del dev lan0 root',
      },
    ],
    akin: ['packet-loss'],
  },
  {
    name: 'the router corrupts frames',
    where: ALL,
    touches: ['router lan0'],
    faults: ({ random }) => [
      {
        on: 'gateway',
        run: `tc qdisc add dev lan0 root netem corrupt ${random.int(40, 100)}%`,
        undo: 'tc qdisc del dev lan0 root',
      },
    ],
    akin: ['packet-loss'],
  },
  {
    name: 'the router holds frames back for seconds',
    where: ALL,
    touches: ['router lan0'],
    faults: ({ random }) => [
      {
        on: 'gateway',
        run: `tc qdisc add dev lan0 root netem delay ${random.int(6, 9)}s`,
        undo: 'tc qdisc del dev lan0 root',
      },
    ],
  },
  {
    name: 'the router filters DNS of the containers',
    where: ALL,
    touches: [],
    faults: (broken) => [rule('gateway', FORWARD, `ip saddr ${set(broken)} udp dport 53 drop`)],
    akin: ['gateway-acl-drops-container-subnet'],
  },
  {
    name: 'the router drops replies to one container by their length',
    where: ALL,
    touches: [],
    faults: (broken) => [rule('gateway', FORWARD, `ip daddr ${own(broken)} ip length 60-200 ct direction reply drop`)],
    akin: ['gateway-acl-drops-container-subnet'],
  },
  {
    name: 'the router blackholes the containers in a policy table',
    where: ALL,
    touches: [],
    faults: (broken) => [
      ...subnets(broken).map((subnet) => ({
        on: 'gateway',
        run: `ip rule add from ${subnet} to 8.0.0.0/8 priority 50 lookup 200`,
        undo: `ip rule del from ${subnet} to 8.0.0.0/8 priority 50 lookup 200`,
      })),
      { on: 'gateway', run: 'ip route add blackhole default table 200', undo: 'ip route flush table 200' },
    ],
  },
  {
    name: 'the router translates the containers to an address of no one',
    where: ALL,
    touches: ['router NAT'],
    faults: (broken) => [rule('gateway', SRCNAT, `ip saddr ${set(broken)} oifname "wan0" snat to 198.18.0.9`)],
  },
  {
    name: 'the router sends HTTPS of the containers to a machine that is not there',
    where: ALL,
    touches: ['router NAT'],
    faults: (broken) => [rule('gateway', DSTNAT, `ip saddr ${set(broken)} tcp dport 443 dnat to 203.0.113.77`)],
  },
  {
    name: 'the router no longer forwards',
    where: ALL,
    touches: ['router NAT'],
    faults: () => [
      { on: 'gateway', run: 'sysctl -q -w net.ipv4.ip_forward=0', undo: 'sysctl -q -w net.ipv4.ip_forward=1' },
    ],
  },
];
