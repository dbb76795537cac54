import { bare, contains, familyOf } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { Observed } from '../cause.js';
import { transportOf } from '../../scenario/plan.js';
import type { Flow } from '../flow.js';
import { failing, subnetOfFlow } from '../flow-questions.js';
import type { FirewallRule } from '../../evidence/facts.js';
import type { TrafficPart } from './hypothesis.js';

/** Whether the router could not be looked at. A cloud has route tables and gateways of its own in its place. */
export function isUnseenRouter({ network: { names } }: Observed, around: AssumedSurroundings): boolean {
  return around.isAssumed(names.gateway?.name) && names.platform?.kind !== 'cloud';
}

/** Container subnets that the router has to have a static route to: those of L3 networks that lie on no LAN of the host. */
export function routedSubnets({ network }: Observed): readonly string[] {
  const { names, links } = network;
  const own = names.parents.flatMap((parent) => links.link(names.hostName, parent)?.addresses ?? []);
  const all = names.networks.filter(isLayer3).flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet));
  return [...new Set(all)].filter((subnet) => !own.some((address) => contains(subnet, bare(address))));
}

/** Every container subnet behind a parent. */
export function containerSubnets({ network: { names } }: Observed): readonly string[] {
  const outside = names.networks.filter(
    ({ driver, parent, internal }) => driver !== 'bridge' && parent !== undefined && !internal,
  );
  return [...new Set(outside.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet)))];
}

/** Subnets that the router has no address in, so that it may treat them otherwise than its own LAN. */
export function foreignSubnets(view: Observed): readonly string[] {
  const { gateway } = view.network.names;
  return containerSubnets(view).filter(
    (subnet) => !(gateway?.addresses ?? []).some((address) => contains(subnet, address)),
  );
}

/** One scope for each subnet. */
export function perSubnet(subnets: readonly string[]): readonly TrafficPart[] {
  return subnets.map((subnet) => ({ subnet, family: familyOf(subnet) ?? 4 }));
}

const PLACE = { backend: 'nftables', family: 'inet', table: 'assumed' } as const;

/** The router drops what it would forward, where a rule in nftables' words takes it. */
export function dropForwarded(around: AssumedSurroundings, text: string): AssumedSurroundings {
  const chain = { ...PLACE, chain: 'forward', hook: 'forward', priority: 0, type: 'filter', policy: 'accept' };
  return around.withFirewall(around.gateway, (firewall) => ({
    ...firewall,
    chains: [...firewall.chains, { ...chain, policyPackets: undefined }],
    rules: [...firewall.rules, assumedRule('forward', `${text} drop`, 'drop')],
  }));
}

/** The router leaves the source of some packets as it is. */
export function sparedFromNat(around: AssumedSurroundings, text: string): AssumedSurroundings {
  return around.withFirewall(around.gateway, (firewall) => ({
    ...firewall,
    rules: [
      ...firewall.chains
        .filter(({ hook, type }) => hook === 'postrouting' && type === 'nat')
        .map((place): FirewallRule => ({ ...assumedRule(place.chain, `${text} return`, 'return'), ...placeOf(place) })),
      ...firewall.rules,
    ],
  }));
}

function placeOf({ backend, family, table }: Pick<FirewallRule, 'backend' | 'family' | 'table'>) {
  return { backend, family, table };
}

function assumedRule(chain: string, text: string, verdict: string): FirewallRule {
  return { ...PLACE, chain, handle: undefined, text, verdict, packets: undefined };
}

/** A scope as the selectors of a rule: `ip saddr 192.168.10.0/24 udp dport 53`. */
export function selectors({ subnet, target, protocol, port }: TrafficPart): string {
  const ip = (address: string) => (familyOf(address) === 6 ? 'ip6' : 'ip');
  return [
    ...(subnet === undefined ? [] : [`${ip(subnet)} saddr ${subnet}`]),
    ...(target === undefined ? [] : [`${ip(target)} daddr ${target}`]),
    ...(protocol === undefined ? [] : [port === undefined ? `meta l4proto ${protocol}` : `${protocol} dport ${port}`]),
  ].join(' ');
}

/** What a filter could be about: each subnet as a whole, what was asked of it by protocol and port, and by target. */
export function filterScopes(subnets: readonly string[], flows: readonly Flow[]): readonly TrafficPart[] {
  const asked = failing(flows).filter(({ outbound, container }) => outbound && container !== undefined);
  return perSubnet(subnets).flatMap((scope) => {
    const own = asked.filter((flow) => subnetOfFlow(flow) === scope.subnet);
    const services = own.map(({ probe }): TrafficPart => ({ ...scope, ...serviceScope(probe) }));
    const targets = own.map(({ to }): TrafficPart => ({ ...scope, target: to.address }));
    return [scope, ...distinctScopes(services), ...distinctScopes(targets)];
  });
}

function serviceScope({ over }: Flow['probe']): Pick<TrafficPart, 'protocol' | 'port'> {
  const protocol = transportOf(over);
  const port = 'port' in over ? over.port : { http: 80, dns: 53 }[over.protocol as string];
  return protocol === 'icmp' || protocol === 'tcp' || protocol === 'udp'
    ? { protocol, ...(port === undefined ? {} : { port }) }
    : {};
}

function distinctScopes(scopes: readonly TrafficPart[]): readonly TrafficPart[] {
  return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
}
