import type { FaultFile } from '../../src/scenario/schema/schema.js';
import { ALL, fitsTo, ROUTED, UNTAGGED, type Breakage } from './breakage.js';
import { own, parent, router, rule, set, type Oddity } from './oddity.js';
import { ROUTER_ODDITIES } from './router-oddities.js';

/** A filter on the switch; rules match Ethernet frames. */
function onSwitch(match: string): FaultFile {
  return {
    on: 'switch',
    run: `nft 'add table bridge odd; add chain bridge odd port { type filter hook forward priority filter; }; add rule bridge odd port ${match}'`,
    undo: 'nft delete table bridge odd',
  };
}

const ELSEWHERE: readonly Oddity[] = [
  {
    name: 'the switch drops ARP replies to the host',
    where: UNTAGGED,
    touches: ['switch'],
    faults: () => [onSwitch('oifname "p-host" arp operation reply numgen inc mod 4 != 0 drop')],
  },
  {
    name: 'the switch drops big frames of the host',
    where: UNTAGGED,
    touches: ['switch'],
    faults: ({ random }) => [onSwitch(`iifname "p-host" meta length > ${random.int(600, 1400)} drop`)],
    akin: ['mtu-mismatch'],
  },
  {
    name: 'the switch drops SYN packets of the containers',
    where: UNTAGGED,
    touches: ['switch'],
    faults: (broken) => [onSwitch(`iifname "p-host" ip saddr ${set(broken)} tcp flags & (syn | ack) == syn drop`)],
  },
  {
    name: 'a LAN client blackholes the containers',
    where: ALL,
    touches: ['peer'],
    faults: (broken) =>
      broken.plan.site.peers.slice(0, 1).map(({ name }) => ({
        on: name,
        run: `ip route add blackhole ${own(broken)}/32`,
        undo: `ip route del blackhole ${own(broken)}/32`,
      })),
  },
  {
    name: 'the container sends with a TTL of 1',
    where: ALL,
    touches: ['container'],
    faults: ({ setting }) => [
      {
        on: setting.container,
        run: 'sysctl -q -w net.ipv4.ip_default_ttl=1',
        undo: 'sysctl -q -w net.ipv4.ip_default_ttl=64',
      },
    ],
  },
  {
    name: 'the container rejects one public network by a rule of its own',
    where: ALL,
    touches: ['container'],
    faults: ({ setting }) => [
      {
        on: setting.container,
        run: 'ip rule add to 8.8.0.0/16 priority 7 lookup 300 && ip route add prohibit default table 300',
        undo: 'ip rule del to 8.8.0.0/16 priority 7 lookup 300; ip route flush table 300',
      },
    ],
    akin: ['container-local-firewall-or-routes'],
  },
  {
    name: 'a policy table of the host blackholes one public network for one container',
    where: ROUTED,
    touches: ['host table'],
    faults: (broken) => [
      {
        on: 'host',
        run: `ip rule add from ${own(broken)} priority 400 lookup 123 && ip route add blackhole 8.8.8.0/24 table 123`,
        undo: `ip rule del from ${own(broken)} priority 400 lookup 123; ip route flush table 123`,
      },
    ],
    akin: ['host-policy-route-blocks-container-source'],
  },
  {
    name: 'the host has a permanent ARP entry with a wrong MAC address for the router',
    where: { modes: ['l3'] },
    touches: ['host default'],
    faults: (broken) => [
      {
        on: 'host',
        run: `ip neigh replace ${router(broken)} lladdr 02:00:5e:00:53:21 dev ${parent(broken)} nud permanent`,
        undo: `ip neigh del ${router(broken)} dev ${parent(broken)}`,
      },
    ],
    akin: ['stale-neighbour-cache'],
  },
  {
    name: 'a server on the internet drops HTTPS with an odd window',
    where: ALL,
    touches: ['internet'],
    faults: () => [rule('internet', 'type filter hook input priority 0', 'tcp dport 443 tcp window > 1000 drop')],
    akin: ['target-unresponsive'],
  },
];

/** What is broken at random and in no catalogue. */
export const FREE_FORM: readonly Breakage[] = [...ROUTER_ODDITIES, ...ELSEWHERE].map(
  ({ name, where, touches, faults, akin = [] }) => ({
    ...{ name, touches, faults },
    causes: akin,
    freeForm: true,
    fits: fitsTo(where),
  }),
);
