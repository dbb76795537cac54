import type { Link, Neighbour, Route } from '../../evidence/facts.js';
import { contains, isAddress, prefixLength } from '../../ip.js';
import { classLength, type CiscoInterface } from './cisco-config.js';

/** `S*    0.0.0.0/0 [1/0] via …`, `O IA  10.0.0.0/8 [110/2] via …`, `C  192.168.0.0/24 is directly connected, …` */
const ROUTE = /^([A-Za-z][\w* %+&]*?)\s+(\d[\d.]+(?:\/\d+)?) ((?:\[|is directly connected|is a summary).*)$/;

/** `show ip route`: what is in the routing table now. */
export function ciscoRoutes(text: string): readonly Route[] {
  const routes: Route[] = [];
  let length: number | undefined;
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const subnetted = /^ +[\d.]+(?:\/(\d+))? is subnetted/.exec(line);
    if (subnetted || /is variably subnetted/.test(line)) {
      length = subnetted?.[1] === undefined ? undefined : Number(subnetted[1]);
      continue;
    }
    const [, code = '', destination, rest = ''] = ROUTE.exec(line) ?? [];
    const more = /^\s+(\[\d+\/\d+\] via .*)$/.exec(line)?.[1];
    if (destination !== undefined) last = withLength(destination, length);
    const route = last === undefined ? undefined : routeOf(last, { code, rest: more ?? rest });
    if (route && (destination !== undefined || more !== undefined)) routes.push(route);
  }
  return throughDevices(routes);
}

function withLength(destination: string, length: number | undefined): string {
  return destination.includes('/') ? destination : `${destination}/${length ?? classLength(destination)}`;
}

/** `[1/0] via 192.168.0.2`, `is directly connected, GigabitEthernet0/0`, `is directly connected, Null0`. */
function routeOf(destination: string, { code, rest }: { readonly code: string; readonly rest: string }): Route {
  const via = /\bvia ([\d.]+)/.exec(rest)?.[1];
  const device = /, ([A-Z][\w./-]*\d)$/.exec(rest.trim())?.[1];
  const local = code.trim() === 'L';
  const type = device?.startsWith('Null') ? 'blackhole' : local ? 'local' : 'unicast';
  return {
    ...{ family: 4, table: local ? 'local' : 'main', type, destination, via },
    device: type === 'blackhole' ? undefined : device,
    ...{ metric: Number(/^\[(\d+)\//.exec(rest)?.[1] ?? 0), scope: undefined, source: undefined, flags: [] },
  };
}

/** A static route names a next hop only: which interface leads there, the connected routes say. */
function throughDevices(routes: readonly Route[]): readonly Route[] {
  const connected = routes.filter(({ via, type, device }) => via === undefined && type === 'unicast' && device);
  const deviceOf = (address: string) =>
    connected
      .filter(({ destination }) => contains(destination, address))
      .sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination))[0]?.device;
  return routes.map((route) =>
    route.via !== undefined && route.device === undefined ? { ...route, device: deviceOf(route.via) } : route,
  );
}

interface BriefLine {
  readonly name: string;
  readonly address: string | undefined;
  readonly adminUp: boolean;
  readonly lineUp: boolean;
}

/** `show ip interface brief` */
export function briefIn(text: string): readonly BriefLine[] {
  return [...text.matchAll(/^(\S+)\s+(\S+)\s+(?:YES|NO)\s+\S+\s+(.+?)\s+(up|down)$/gm)].map(
    ([, name = '', address = '', status = '', line]) => ({
      ...{ name, address: isAddress(address) ? address : undefined },
      ...{ adminUp: !status.includes('administratively'), lineUp: status === 'up' && line === 'up' },
    }),
  );
}

/** What is known of interfaces from all that was printed. */
export function ciscoLinks(
  known: {
    readonly interfaces: readonly CiscoInterface[];
    readonly brief: readonly BriefLine[];
    readonly routes: readonly Route[];
  },
  macs: ReadonlyMap<string, string>,
): readonly Link[] {
  const { interfaces, brief, routes } = known;
  const names = [...new Set([...brief, ...interfaces].map(({ name }) => name))];
  return names.map((name, index): Link => {
    const configured = interfaces.find((one) => one.name === name);
    const state = brief.find((one) => one.name === name);
    return {
      ...{ index: index + 1, name, noArp: false, mtu: configured?.mtu ?? 1500, mac: macs.get(name) },
      ...stateOf(configured, state),
      ...vlanOf(name, configured?.vlan),
      ...{ mode: undefined, flag: undefined, controller: undefined },
      addresses: configured?.addresses.length ? configured.addresses : learned(name, state?.address, routes),
    };
  });
}

function stateOf(
  configured: CiscoInterface | undefined,
  state: BriefLine | undefined,
): Pick<Link, 'adminUp' | 'carrier' | 'operState'> {
  const wanted = configured?.shutdown !== true;
  const up = state?.lineUp ?? wanted;
  return { adminUp: state?.adminUp ?? wanted, carrier: up, operState: up ? 'UP' : 'DOWN' };
}

function vlanOf(name: string, vlan: number | undefined): Pick<Link, 'kind' | 'vlan' | 'lower'> {
  if (vlan === undefined) return { kind: undefined, vlan };
  const [lower = name] = name.split('.');
  return { kind: 'vlan', vlan, lower };
}

/** An address by DHCP has its length in the connected route. */
function learned(name: string, address: string | undefined, routes: readonly Route[]): readonly string[] {
  if (address === undefined) return [];
  const connected = routes.find(
    (route) =>
      route.device === name &&
      route.via === undefined &&
      contains(route.destination, address) &&
      route.type !== 'local',
  );
  return connected ? [`${address}/${prefixLength(connected.destination)}`] : [];
}

/** `show arp`: those of others, and the router's own, which have no age. */
export function arpIn(text: string): {
  readonly neighbours: readonly Neighbour[];
  readonly own: ReadonlyMap<string, string>;
} {
  const rows = [...text.matchAll(/^Internet\s+([\d.]+)\s+(\S+)\s+(\S+)\s+ARPA\s*(\S*)$/gm)].map(
    ([, address = '', age = '', mac = '', device = '']) => ({ address, age, mac: macOf(mac), device }),
  );
  return {
    neighbours: rows
      .filter(({ age }) => age !== '-')
      .map(({ address, mac, device }) => ({
        address,
        device,
        mac,
        state: mac === undefined ? 'INCOMPLETE' : 'REACHABLE',
      })),
    own: new Map(
      rows.flatMap(({ age, device, mac }) => (age === '-' && mac !== undefined ? [[device, mac] as const] : [])),
    ),
  };
}

/** `0011.2233.4455` is `00:11:22:33:44:55`. */
function macOf(text: string): string | undefined {
  const digits = text.replaceAll('.', '').toLowerCase();
  return /^[\da-f]{12}$/.test(digits) ? digits.match(/../g)?.join(':') : undefined;
}
