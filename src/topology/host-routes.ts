import { bare, familyOf } from '../ip.js';
import type { SitePlan } from '../scenario/plan.js';
import { quote } from '../shell.js';
import { gatewaysFor } from './site-links.js';

const RESOLV_CONF = '/etc/resolv.conf';
/** The host's own resolver, while the site's replaces it; on disposable hosts only. */
const KEPT = `${RESOLV_CONF}.ipvlan-doctor`;

/** Links whose router advertisements gave the host an IPv6 default route before the site's gateway took its place. */
const ADVERTISED = '/run/ipvlan-doctor-advertised';

/** QEMU's user network advertises itself as an IPv6 router, and the site's must be the only one. */
const UNADVERTISED = {
  add: [
    `ip -6 route show default proto ra | sed -n 's/.* dev \\([^ ]*\\) .*/\\1/p' >${ADVERTISED}`,
    `while read -r link; do echo 0 >/proc/sys/net/ipv6/conf/$link/accept_ra_defrtr; done <${ADVERTISED}`,
    'ip -6 route flush default proto ra',
  ].join(' && '),
  remove: `if [ -e ${ADVERTISED} ]; then while read -r link; do echo 1 >/proc/sys/net/ipv6/conf/$link/accept_ra_defrtr; done <${ADVERTISED}; rm -f ${ADVERTISED}; fi`,
} as const;

/** Our own routing table and the priority of the rule that leads to it, on hosts whose main table is not ours to change. */
const TABLE = 7291;
const PRIORITY = 7291;

/**
 * How the host reaches the internet by the scenario's gateway. A disposable host gets a default route and the site's
 * resolver, as a real host has them by DHCP; what Docker gives its containers comes from there. Elsewhere policy rules lead
 * to a table of our own: one matches output pinned to the parent, as IPvlan L3 pins it for containers, the others what comes
 * from the host's addresses in the site. Nothing global is touched.
 *
 * @returns scripts that add and remove it; the one that removes sets the shell variable `failed` where something stays
 */
export function hostRoutes(site: SitePlan, mayChangeHost: boolean): { readonly add: string; readonly remove: string } {
  const device = site.host.interface;
  const gateways = gatewaysFor(site, site.host.addresses);
  if (mayChangeHost) {
    const routes = gateways.map((via) => `ip route add ${hostDefault(via, device)}`);
    const written = onHost(`cp -L ${RESOLV_CONF} ${KEPT} && echo nameserver ${site.resolver} >${RESOLV_CONF}`);
    const six = gateways.some((gateway) => familyOf(gateway) === 6);
    return {
      add: [...(six ? [onHost(UNADVERTISED.add)] : []), ...routes, written].join('\n'),
      // Written into rather than moved over: it may be a link, or a mount.
      remove: `${onHost(
        `${six ? `${UNADVERTISED.remove}; ` : ''}if [ -e ${KEPT} ]; then cat ${KEPT} >${RESOLV_CONF} && rm ${KEPT}; fi`,
      )} || failed=1`,
    };
  }
  const families = [...new Set(gateways.map((gateway) => `-${familyOf(gateway) ?? 4}`))];
  const selectors = [
    ...families.map((family) => `${family} rule add oif ${device}`),
    ...site.host.addresses.map((own) => `-${familyOf(own) ?? 4} rule add from ${bare(own)}`),
  ];
  const connected = site.lan.map((subnet) => `ip route add ${subnet} dev ${device} table ${TABLE}`);
  return {
    add: [
      ...connected,
      ...gateways.map((via) => `ip route add default via ${via} dev ${device} table ${TABLE}`),
      ...selectors.map((selector) => `ip ${selector} priority ${PRIORITY} lookup ${TABLE}`),
    ].join('\n'),
    // The table's routes go with the link; a rule does not.
    remove: selectors.map(removeRule).join('\n'),
  };
}

/** Removes a rule, however often it is there. */
function removeRule(selector: string): string {
  const [family, matches] = selector.split(' rule add ');
  return [
    `while ip ${family} rule del ${matches} priority ${PRIORITY} 2>/dev/null; do :; done`,
    `if ip ${family} rule show | grep -qF '${matches} lookup ${TABLE}'; then echo 'the rule "${matches}" is still there' >&2; failed=1; fi`,
  ].join('\n');
}

/**
 * A disposable host's default route, as arguments of `ip route add`. In IPv6 a router on the host's management link may
 * announce itself, with metric 1024: ours is added, with a better metric.
 */
export function hostDefault(via: string, device: string): string {
  return `default via ${via} dev ${device}${familyOf(via) === 6 ? ' metric 512' : ''}`;
}

/** A script among the host's files, where the agent's are others. */
function onHost(script: string): string {
  return `nsenter -t 1 -m sh -c ${quote(script)}`;
}
