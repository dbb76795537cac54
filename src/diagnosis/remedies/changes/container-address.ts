import type { Facts } from '../../../evidence/facts.js';
import { withAddressOn } from '../../../network/edit/addresses.js';
import { hasLink } from '../../../network/edit/links.js';
import { rejected, unseenPart, type Applied } from '../applied.js';
import { applyRoute } from './route.js';
import { familyOf } from '../../../ip.js';
import { chain, sh, type ShellCommand } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** Gives a container back an address that it lost, and the default route that went with it. */
export interface ContainerAddressChange {
  readonly kind: 'container-address';
  readonly on: string;
  readonly device: string;
  /** With prefix length. */
  readonly address: string;
  /** Absent: the default route is through the device itself. */
  readonly via?: string | undefined;
  /** IPv6 is turned off on the device, and turned on first. */
  readonly enableIpv6?: true;
}

export function renderContainerAddress(change: ContainerAddressChange): readonly Command[] {
  const { on: node, device, address, via, enableIpv6 } = change;
  const ip = ipFor(familyOf(address) ?? 4);
  if (enableIpv6) {
    const off = `net/ipv6/conf/${device}/disable_ipv6`;
    const run = [
      sh`sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 ${`${off}=0`}`,
      sh`ip addr replace ${address} dev ${device} nodad`,
      sh`${ip} route replace default ${way(via, device)}`,
    ];
    return [on(node, chain(run), sh`sysctl -q -w ${`${off}=1`}`)];
  }
  const run = [
    sh`ip addr replace ${address} dev ${device}`,
    sh`${ip} route replace default ${via === undefined ? sh`dev ${device}` : sh`via ${via}`}`,
  ];
  return [on(node, chain(run), sh`ip addr del ${address} dev ${device}`)];
}

/** IPv6 routers may have link-local addresses, which need a device. */
function way(via: string | undefined, device: string): ShellCommand {
  return via === undefined ? sh`dev ${device}` : sh`via ${via} dev ${device}`;
}

export function applyContainerAddress(facts: Partial<Facts>, change: ContainerAddressChange): Applied {
  const { on: node, device, address, via } = change;
  const unseen = unseenPart(facts, node, 'links', 'routes');
  if (unseen) return unseen;
  if (!hasLink(facts, { node, device })) return rejected({ kind: 'no-such-link', node, device });
  const family = familyOf(address) ?? 4;
  const route = { destination: 'default', family, via, device };
  return applyRoute(withAddressOn(facts, { node, device }, address), { kind: 'route', on: node, do: 'replace', route });
}
