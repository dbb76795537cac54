import type { Facts, Route, Rule } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { defaultRoutes } from './default-route.js';
import { lookup, pinnedLookup, type Fib, type NextHop, type RouteQuery } from './fib.js';
import { isStrict, reversePathMismatch } from './reverse-path.js';

/** Routes, policy rules and the sysctls that decide about forwarding. */
export class Routing {
  readonly #facts: Pick<Partial<Facts>, 'routes' | 'rules' | 'sysctls'>;

  constructor(facts: Partial<Facts>) {
    this.#facts = facts;
  }

  /** @returns `undefined` unless both routes and rules were seen */
  fib(node: string | undefined): Fib | undefined {
    const [routes, rules] = [this.routes(node), this.rules(node)];
    return routes && rules && { routes, rules };
  }

  /** @returns `undefined` for a node that was not looked at */
  routes(node: string | undefined): readonly Route[] | undefined {
    return this.#facts.routes?.[node ?? ''];
  }

  /** @returns `undefined` for a node that was not looked at */
  rules(node: string | undefined): readonly Rule[] | undefined {
    return this.#facts.rules?.[node ?? ''];
  }

  /** Which route wins on a node, as `ip route get` says it; `undefined` unless its routes and rules were seen. */
  lookup(node: string | undefined, query: RouteQuery): NextHop | undefined {
    const fib = this.fib(node);
    return fib && lookup(fib, query);
  }

  /** Where a packet goes whose output is pinned to a device, as a container's is in IPvlan L3; `undefined` as for {@link lookup}. */
  pinned(
    node: string | undefined,
    query: RouteQuery & { readonly outDevice: string },
  ): ReturnType<typeof pinnedLookup> | undefined {
    const fib = this.fib(node);
    return fib && pinnedLookup(fib, query);
  }

  /** The device a packet leaves a node through; `undefined` when no route takes it out, or none was seen. */
  deviceFor(node: string | undefined, query: RouteQuery): string | undefined {
    const hop = this.lookup(node, query);
    return hop && 'device' in hop ? hop.device : undefined;
  }

  /** The default routes of one family in a node's main table, best first; none where they were not seen. */
  defaults(node: string | undefined, family: 4 | 6): readonly Route[] {
    return defaultRoutes(this.routes(node) ?? [], family);
  }

  /** The device of a node's IPv4 default route via a next hop; `undefined` where none was seen. */
  defaultDevice(node: string): string | undefined {
    return this.defaults(node, 4).find(({ via }) => via !== undefined)?.device;
  }

  /** A sysctl of a node by its dotted name; `undefined` when it was not seen, or its kernel lacks it. */
  sysctl(node: string | undefined, name: string): string | undefined {
    return this.sysctls(node)?.[name];
  }

  /** @returns `undefined` for a node that was not looked at */
  sysctls(node: string | undefined): Readonly<Record<string, string>> | undefined {
    return this.#facts.sysctls?.[node ?? ''];
  }

  /** Whether a node forwards packets of an address's family; `undefined` when that was not seen. */
  forwards(node: string, address: string): boolean | undefined {
    const name = familyOf(address) === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    const value = this.sysctl(node, name);
    return value === undefined ? undefined : value !== '0';
  }

  /** Whether a node's reverse path filter is strict on a device; not where its sysctls were not seen. */
  isReversePathStrict(node: string, device: string): boolean {
    return isStrict(this.sysctls(node), device);
  }

  /** What a node's strict reverse path filter finds wrong with what comes in on a device; `undefined` when nothing. */
  reversePathMismatch(node: string, from: { readonly source: string; readonly inDevice: string }): NextHop | undefined {
    const fib = this.fib(node);
    return fib && reversePathMismatch({ fib, sysctls: this.sysctls(node) }, from);
  }
}
