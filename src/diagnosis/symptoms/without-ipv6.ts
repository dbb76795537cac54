import type { NetworkFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing, lacksItsAddress, seenByTarget } from '../flow-questions.js';
import type { Observation } from '../observation.js';

/** A flow over IPv6 of a container without it. */
export interface WithoutIpv6 extends Flow {
  /** The link IPv6 is turned off on; absent where Docker never gave the container an address. */
  readonly device: string | undefined;
  /** Networks of the container, by name. */
  readonly on: readonly string[];
}

/** Every failing flow over IPv6 of a container that has no IPv6 address. */
export function flowsWithoutIpv6({ flows, network }: Observed): readonly WithoutIpv6[] {
  return failing(flows).flatMap(
    (flow) => withoutIpv6(network, flow) ?? withoutIpv6(network, seenByTarget(network, flow)) ?? [],
  );
}

function withoutIpv6(state: NetworkState, flow: Flow | undefined): WithoutIpv6 | undefined {
  const container = flow?.container;
  if (!flow || !container || familyOf(flow.to.address) !== 6) return undefined;
  const on = container.attachments.map(({ network }) => network);
  if (flow.containerAddress === undefined) {
    const own = state.names.networks.filter(({ name }) => on.includes(name));
    const none = flow.outbound && own.length > 0 && !own.some(({ subnets }) => subnets.some(isIpv6));
    return none ? { ...flow, device: undefined, on } : undefined;
  }
  const device = deviceWithoutIpv6(state, container.name);
  return device !== undefined && lacksItsAddress(state, flow) ? { ...flow, device, on } : undefined;
}

/** The first link of a container that IPv6 is turned off on. */
export function deviceWithoutIpv6({ links, routing }: NetworkState, container: string): string | undefined {
  const isOff = (name: string) => routing.sysctl(container, disableIpv6(name)) === '1';
  return links.of(container)?.find(({ name }) => name !== 'lo' && (isOff(name) || isOff('all')))?.name;
}

/** The sysctl that turns IPv6 off on a link. */
export function disableIpv6(device: string): string {
  return `net.ipv6.conf.${device}.disable_ipv6`;
}

export function isIpv6({ subnet }: NetworkFact['subnets'][number]): boolean {
  return familyOf(subnet) === 6;
}

/** A container without an address by Docker, or with IPv6 turned off on a link. */
export function withoutIpv6Seen({ container, device, on: networks }: WithoutIpv6): Observation {
  const node = container?.name ?? '';
  return device === undefined
    ? { kind: 'no-ipv6-address', node, networks }
    : { kind: 'sysctl', node, name: disableIpv6(device), value: '1' };
}
