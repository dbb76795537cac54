import type { Facts, LinkFilter } from '../../../evidence/facts.js';
import { onNode } from '../../../network/edit/on-node.js';
import { applied, unseenPart, type Applied } from '../applied.js';
import { chain, sh, type ShellCommand } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import type { Traffic } from '../traffic.js';

/** Filters of one priority on one side of a link. All of them are of one family. */
export type TcFilterChange = {
  readonly kind: 'tc-filter';
  readonly on: string;
  readonly device: string;
  readonly way: 'ingress' | 'egress';
  readonly priority: number;
} & (
  | {
      /** Passes traffic, before filters of a higher number are asked. */
      readonly do: 'pass';
      readonly family: 4 | 6;
      readonly traffic: readonly Traffic[];
    }
  /** There is no undo: what they select is not known in tc's own words. */
  | { readonly do: 'delete' }
);

export function renderTcFilter(change: TcFilterChange): readonly Command[] {
  const at = sh`dev ${change.device} ${change.way}`;
  const remove = sh`tc filter del ${at} pref ${change.priority}`;
  if (change.do === 'delete') return [on(change.on, remove)];
  const protocol = change.family === 6 ? 'ipv6' : 'ip';
  const add = sh`tc filter add ${at} protocol ${protocol} pref ${change.priority} u32`;
  const matches = change.traffic.flatMap(u32Matches);
  return [on(change.on, chain(matches.map((match) => sh`${add} ${match} action pass`)), remove)];
}

/** u32 names one source and one destination. */
function u32Matches(traffic: Traffic): readonly ShellCommand[] {
  const { family, sources, destinations, protocol } = traffic;
  const ip = family === 6 ? 'ip6' : 'ip';
  const number = { tcp: 6, udp: 17, icmp: family === 6 ? 58 : 1 }[protocol] ?? 0;
  const from = sources.length > 0 ? sources.map((address) => [sh`match ${ip} src ${address}`]) : [[]];
  const to = destinations.length > 0 ? destinations.map((address) => [sh`match ${ip} dst ${address}`]) : [[]];
  return from.flatMap((source) =>
    to.map((destination) => sh`${source} ${destination} match ${ip} protocol ${number} 0xff ${u32Kind(traffic)}`),
  );
}

/** Echo requests or replies, or packets to or from the port of a service. */
function u32Kind({ family, protocol, port, part }: Traffic): ShellCommand {
  const ip = family === 6 ? 'ip6' : 'ip';
  const request = part === 'request';
  if (protocol !== 'icmp') return sh`match ${ip} ${request ? 'dport' : 'sport'} ${port ?? 0} 0xffff`;
  const type = family === 6 ? (request ? 128 : 129) : request ? 8 : 0;
  return sh`match ${ip} icmp_type ${type} 0xff`;
}

export function applyTcFilter(facts: Partial<Facts>, change: TcFilterChange): Applied {
  const { on: node, device, way, priority } = change;
  const unseen = unseenPart(facts, node, 'linkFilters');
  if (unseen) return unseen;
  const passing = change.do === 'pass' ? change.traffic.flatMap((traffic) => filtersFor(change, traffic)) : [];
  return applied(
    onNode(facts, ['linkFilters', node], (filters) => [
      ...filters.filter(
        (one) => change.do === 'pass' || one.device !== device || one.way !== way || one.priority !== priority,
      ),
      ...passing,
    ]),
  );
}

/** What tc then prints: the selectors as numbers, and where in the packet they are. */
function filtersFor({ device, way, priority }: TcFilterChange, traffic: Traffic): readonly LinkFilter[] {
  const sources = traffic.sources.length > 0 ? traffic.sources : [undefined];
  const destinations = traffic.destinations.length > 0 ? traffic.destinations : [undefined];
  const common = { device, way, kind: 'tc', priority, action: 'pass', packets: undefined } as const;
  return sources.flatMap((source) =>
    destinations.map((destination) => ({
      ...common,
      text: `u32 ${u32Text(traffic)} action order 1: gact action pass`,
      source,
      destination,
    })),
  );
}

/** `match 00060000/00ff0000 at 8`: protocol 6; `match 00000050/0000ffff at 20`: to port 80. */
function u32Text({ family, protocol, port, part }: Traffic): string {
  const six = family === 6;
  const number = { tcp: 6, udp: 17, icmp: six ? 58 : 1 }[protocol] ?? 0;
  const inner = six ? 40 : 20;
  const request = part === 'request';
  const type = six ? (request ? 128 : 129) : request ? 8 : 0;
  const kind =
    protocol === 'icmp'
      ? matchText(type << 24, 0xff000000, inner)
      : request
        ? matchText(port ?? 0, 0xffff, inner)
        : matchText((port ?? 0) << 16, 0xffff0000, inner);
  return `${six ? matchText(number << 8, 0xff00, 4) : matchText(number << 16, 0xff0000, 8)} ${kind}`;
}

function matchText(value: number, mask: number, at: number): string {
  const hex = (number: number) => (number >>> 0).toString(16).padStart(8, '0');
  return `match ${hex(value)}/${hex(mask)} at ${at}`;
}
