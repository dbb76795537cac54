import type { RouterSoftware } from '../../evidence/facts.js';
import { bare, prefixLength, subnetOf } from '../../ip.js';
import { embedded, sh, ShellCommand, type Embedded, type Word } from '../../shell.js';
import { on, type Command } from '../command.js';
import type { Change } from './change.js';
import type { AllowChange } from './changes/allow.js';
import type { NatChange } from './changes/nat.js';
import type { NeighbourChange } from './changes/neighbour.js';
import type { RouteChange, RouteSpec } from './changes/route.js';

/** A change of one kind in a router's own words; `undefined` where they have none for it. */
type Render<Kind> = (change: Kind) => readonly Command[] | undefined;

/** How a router that is not driven like a Linux host makes changes. */
interface RouterWords {
  readonly route: Render<RouteChange>;
  readonly allow?: Render<AllowChange>;
  readonly nat?: Render<NatChange>;
  readonly neighbour?: Render<NeighbourChange>;
  /** Whether it takes Linux' commands for everything else. */
  readonly isLinux: boolean;
}

/**
 * The commands that make a change on a router, in its own words.
 *
 * @returns `undefined` where those of Linux are right
 */
export function routerCommands(software: RouterSoftware, change: Change): readonly Command[] | undefined {
  const words = WORDS[software];
  if (change.kind === undefined || words === undefined) return undefined;
  const rendered =
    change.kind === 'route'
      ? words.route(change)
      : change.kind === 'allow'
        ? words.allow?.(change)
        : change.kind === 'nat'
          ? words.nat?.(change)
          : change.kind === 'neighbour'
            ? words.neighbour?.(change)
            : undefined;
  if (rendered || words.isLinux) return rendered;
  // Source NAT has its chain already where a router translates at all.
  if (change.kind === 'nat-chain' || !('on' in change)) return [];
  return [on(change.on, sh`# ${change.kind}: make this change in the router's own interface`)];
}

/** A route of IPv4 or IPv6 via a next hop, in words of one router; others have no short form there. */
function viaNextHop(
  add: (subnet: string, via: string | ShellCommand) => ShellCommand,
  remove: (subnet: string, via: string | ShellCommand) => ShellCommand,
): Render<RouteChange> {
  return ({ on: node, do: action, route, was }) => {
    const [now, before] = [hopOf(route), was === 'none' || was === undefined ? undefined : hopOf(was)];
    if (action === 'delete') return now && [on(node, remove(...now), add(...now))];
    if (!now) return undefined;
    const put = on(node, add(...now), was === 'none' ? undefined : remove(...now));
    return before ? [on(node, remove(...before), add(...before)), put] : [put];
  };
}

function hopOf({ destination, via, family, type }: RouteSpec): readonly [string, string | ShellCommand] | undefined {
  if (via === undefined || type !== undefined) return undefined;
  return [destination === 'default' ? (family === 6 ? '::/0' : '0.0.0.0/0') : destination, via];
}

/** A next hop as text in a program's language, or what the reader fills in. */
function plainly(via: string | ShellCommand): Embedded | ShellCommand {
  return via instanceof ShellCommand ? via : embedded`${via}`;
}

/** `192.168.10.0 255.255.255.0` */
function withMask(subnet: string): readonly Word[] {
  const bits = '1'.repeat(prefixLength(subnet)).padEnd(32, '0').match(/.{8}/g) ?? [];
  const mask = bits.map((octet) => Number.parseInt(octet, 2)).join('.');
  return [embedded`${bare(subnetOf(subnet))}`, embedded`${mask}`];
}

const uci = viaNextHop(
  (subnet, via) =>
    sh`uci add network route; uci set network.@route[-1].interface=lan; uci set network.@route[-1].target=${subnet}; uci set network.@route[-1].gateway=${via}; uci commit network; service network reload`,
  (subnet, via) => sh`ip route del ${subnet} via ${via}   # and its section of /etc/config/network`,
);

const configure = viaNextHop(
  (subnet, via) => sh`configure; set protocols static route ${subnet} next-hop ${plainly(via)}; commit; save; exit`,
  (subnet, via) => sh`configure; delete protocols static route ${subnet} next-hop ${plainly(via)}; commit; save; exit`,
);

const routerOs: RouterWords = {
  isLinux: false,
  route: viaNextHop(
    (subnet, via) => sh`/ip route add dst-address=${embedded`${subnet}`} gateway=${plainly(via)}`,
    (subnet, via) => sh`/ip route remove [find dst-address=${embedded`${subnet}`} gateway=${plainly(via)}]`,
  ),
  allow: ({ on: node, at: { chain, table }, traffic: { family, sources, destinations, protocol, port } }) => {
    const menu = sh`${family === 6 ? sh`/ipv6` : sh`/ip`} firewall ${table === 'nat' ? 'nat' : 'filter'}`;
    return pairs(sources, destinations).map(([source, destination]) =>
      on(
        node,
        sh`${menu} add chain=${embedded`${chain}`} action=accept ${[
          ...(source === undefined ? [] : [sh`src-address=${embedded`${source}`}`]),
          ...(destination === undefined ? [] : [sh`dst-address=${embedded`${destination}`}`]),
          sh`protocol=${embedded`${protocol}`}`,
          ...(port === undefined ? [] : [sh`dst-port=${port}`]),
        ]} place-before=0`,
      ),
    );
  },
  nat: ({ on: node, do: action, subnet, device }) => [
    on(
      node,
      sh`/ip firewall nat add chain=srcnat src-address=${embedded`${subnet}`} out-interface=${embedded`${device}`} action=${action === 'masquerade' ? 'masquerade' : 'accept place-before=0'}`,
    ),
  ],
  neighbour: ({ on: node, address }) => [on(node, sh`/ip arp remove [find address=${embedded`${address}`}]`)],
};

const pfSense: RouterWords = {
  isLinux: false,
  route: viaNextHop(
    (subnet, via) => sh`# System > Routing: a gateway ${via} on LAN, then a static route ${subnet} via it`,
    (subnet, via) => sh`# System > Routing: delete the static route ${subnet} via ${via}`,
  ),
  allow: ({ on: node, traffic: { sources, destinations, protocol, port } }) => [
    on(
      node,
      sh`# Firewall > Rules: pass, protocol ${protocol}, source ${sources.length > 0 ? sources : 'any'}, destination ${destinations.length > 0 ? destinations : 'any'}${port === undefined ? sh`` : sh`, port ${port}`}`,
    ),
  ],
  nat: ({ on: node, subnet }) => [
    on(node, sh`# Firewall > NAT > Outbound: hybrid mode, then a rule on WAN for the source ${subnet}`),
  ],
  neighbour: ({ on: node, address }) => [on(node, sh`arp -d ${address}`)],
};

const freebsd: RouterWords = {
  ...pfSense,
  route: viaNextHop(
    (subnet, via) => sh`route add -net ${subnet} ${via}`,
    (subnet, via) => sh`route delete -net ${subnet} ${via}`,
  ),
  allow: ({ on: node, traffic: { sources } }) => [
    on(node, sh`# /etc/pf.conf: a rule "pass in quick" for ${sources}, then pfctl -f /etc/pf.conf`),
  ],
  nat: ({ on: node, subnet, device }) => [
    on(node, sh`# /etc/pf.conf: nat on ${device} from ${subnet} to any -> (${device}), then pfctl -f /etc/pf.conf`),
  ],
};

const cisco: RouterWords = {
  isLinux: false,
  route: (change) =>
    change.route.family === 6
      ? undefined
      : viaNextHop(
          (subnet, via) => configured(sh`ip route ${withMask(subnet)} ${plainly(via)}`),
          (subnet, via) => configured(sh`no ip route ${withMask(subnet)} ${plainly(via)}`),
        )(change),
  allow: ({ on: node, at: { chain }, traffic: { sources, destinations, protocol, port } }) => [
    on(
      node,
      sh`# access list ${chain}: before what denies it, permit ${protocol} from ${sources.length > 0 ? sources : 'any'} to ${destinations.length > 0 ? destinations : 'any'}${port === undefined ? sh`` : sh`, port ${port}`}`,
    ),
  ],
  nat: ({ on: node, subnet }) => [on(node, sh`# the access list of "ip nat inside source": permit ${subnet}`)],
  neighbour: ({ on: node, address }) => [on(node, sh`clear ip arp ${embedded`${address}`}`)],
};

function configured(line: ShellCommand): ShellCommand {
  return sh`configure terminal ; ${line} ; end ; write memory   # one command a line`;
}

const WORDS: Readonly<Partial<Record<RouterSoftware, RouterWords>>> = {
  openwrt: { isLinux: true, route: uci },
  edgeos: { isLinux: true, route: configure },
  vyos: { isLinux: true, route: configure },
  routeros: routerOs,
  pfsense: pfSense,
  opnsense: pfSense,
  freebsd,
  'cisco-ios': cisco,
};

/** Each source with each destination; `undefined` stands for any. */
function pairs(sources: readonly string[], destinations: readonly string[]) {
  const from: readonly (string | undefined)[] = sources.length > 0 ? sources : [undefined];
  const to: readonly (string | undefined)[] = destinations.length > 0 ? destinations : [undefined];
  return from.flatMap((source) => to.map((destination) => [source, destination] as const));
}
