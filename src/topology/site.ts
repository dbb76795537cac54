import type { SitePlan } from '../scenario/plan.js';
import { quote } from '../shell.js';
import { batch, gatewayCommands, hostLink, internetCommands, peerCommands, switchCommands } from './site-links.js';
import { hostLinks, siteNodes } from './site-names.js';
import { forwarding, nat, services } from './site-services.js';

/**
 * The script that builds the simulated physical network out of namespaces: a switch (bridge `br0` with a port `p-NODE` for
 * each node), the gateway (`lan0`, `wan0`, NAT in the nftables table `ip site_nat`), peers and internet (`eth0`), and the
 * host's own interface, which is the far end of `p-host`. Of a bond each leg has a port, `p-host-LEG`; where the switch bundles
 * these, `p-host` is the bundle. It stops at the first step that fails.
 *
 * @param site a settled site
 * @param containerSubnets IPv6 subnets behind the host: the internet has routes to them, because IPv6 is not masqueraded
 */
export function siteScript(site: SitePlan, containerSubnets: readonly string[]): string {
  const nodes = siteNodes(site);
  return [
    'set -e',
    ...nodes.map((node) => `ip netns add ${quote(node)}`),
    batch('switch', switchCommands(site)),
    batch('gateway', gatewayCommands(site)),
    ...site.peers.map(({ name, addresses }) => batch(name, peerCommands(site, addresses))),
    batch('internet', internetCommands(site, containerSubnets)),
    hostLink(site),
    forwarding(),
    nat(site),
    services(site),
  ].join('\n');
}

/**
 * Removes what {@link siteScript} created. Links inside the namespaces are removed with them, and so are the host's.
 * Sets the shell variable `failed` where that is still there.
 */
export function removeSiteScript(site: SitePlan): string {
  const kill = `for n in ${siteNodes(site).map(quote).join(' ')}; do ip netns pids "$n" 2>/dev/null | xargs -r kill -9 2>/dev/null`;
  const devices = hostLinks(site).map(quote);
  return [
    `${kill}; ip netns del "$n" 2>/dev/null; done; ${devices.map((device) => `ip link del ${device} 2>/dev/null`).join('; ')}`,
    ...devices.map(
      (device) =>
        `if ip link show dev ${device} >/dev/null 2>&1; then echo the interface ${device} is still there >&2; failed=1; fi`,
    ),
  ].join('\n');
}
