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
