import { embedded, placeholder, sh, type ShellCommand } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import type { Traffic } from './traffic.js';

/** A service that a router must leave to its target. */
interface Exempt {
  readonly family: 4 | 6;
  readonly address: string;
  readonly protocol: string;
  readonly port: number | string;
}

/**
 * How services are exempt from a redirect, in words of several routers.
 *
 * @param isSeen whether the rule that redirects was seen, so that a command of Linux is printed already
 */
export function exemptOnRouter(router: string, services: readonly Traffic[], isSeen: boolean): readonly Remedy[] {
  const all = services.flatMap(({ family, destinations, protocol, port }) =>
    destinations.map((address): Exempt => ({ family, address, protocol, port: port ?? '' })),
  );
  const each = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return WORDS.filter(({ isLinux }) => !isSeen || !isLinux).map(({ where, command }, at) =>
    advice(
      `${at === 0 && !isSeen ? 'Exempt the target from the redirect' : 'The same'} ${where}`,
      router,
      each.map(command),
    ),
  );
}

interface RouterWord {
  readonly where: string;
  readonly isLinux?: true;
  readonly command: (exempt: Exempt) => ShellCommand;
}

const WORDS: readonly RouterWord[] = [
  {
    where: 'on a router with iptables',
    isLinux: true,
    command: ({ family, address, protocol, port }) =>
      sh`${family === 6 ? sh`ip6tables` : sh`iptables`} -t nat -I PREROUTING -d ${address} -p ${protocol} --dport ${port} -j ACCEPT`,
  },
  {
    where: 'on OpenWrt',
    command: ({ address }) =>
      sh`uci set firewall.${placeholder('REDIRECT')}.src_dip=${`!${address}`}; uci commit firewall; service firewall restart`,
  },
  {
    where: 'on MikroTik',
    command: ({ family, address, protocol, port }) =>
      sh`${family === 6 ? sh`/ipv6` : sh`/ip`} firewall nat add chain=dstnat dst-address=${embedded`${address}`} protocol=${embedded`${protocol}`} dst-port=${port} action=accept place-before=0`,
  },
  {
    where: 'on pfSense / OPNsense',
    command: ({ address, protocol, port }) =>
      sh`# Firewall > NAT > Port Forward: above the redirect of ${protocol}/${port}, a rule with the destination ${address} and "No RDR (NOT)"`,
  },
];
