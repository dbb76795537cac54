import type { CheckFile, ContainerFile, FaultFile } from '../../src/scenario/schema/schema.js';
import type { Random } from './random.js';
import { isRouted, PUBLIC, type Setting } from './setting.js';

type Asked = Omit<CheckFile, 'expect'>;

/** What is asked of a network: all that a container may want, of which some is left out at random. */
export function randomChecks(setting: Setting, faults: readonly FaultFile[], random: Random): readonly CheckFile[] {
  const { container: from } = setting;
  const needed: readonly Asked[] = [
    { from, to: 'gateway' },
    { from, to: '8.8.8.8' },
    { from: 'host', to: '1.1.1.1' },
    ...inside(setting),
    ...fromOutside(setting, faults),
  ];
  const wanted = [...needed, ...random.take(further(setting), 5)];
  return wanted.map((check) => ({ ...check, expect: 'reachable' }));
}

function inside({ container: from, containers }: Setting): readonly Asked[] {
  const [sibling] = containers.filter(({ name }) => name !== from);
  return sibling ? [{ from, to: sibling.name }] : [];
}

function fromOutside({ site, container: to }: Setting, faults: readonly FaultFile[]): readonly Asked[] {
  const [peer] = site.peers ?? [];
  if (!peer) return [];
  // A service that a fault starts in the container.
  const ports = faults.flatMap((one) =>
    typeof one === 'object' && 'port' in one && typeof one['port'] === 'number' ? [one['port']] : [],
  );
  return [{ from: peer.name, to }, ...ports.map((port) => ({ from: peer.name, to, over: `tcp/${port}` }))];
}

function further({ container: from, containers, site, mode, six }: Setting): readonly Asked[] {
  const [peer] = site.peers ?? [];
  const others = containers.filter(({ name }) => name !== from);
  const names = Object.keys(site.internet?.names ?? {});
  return [
    { from, to: '1.1.1.1' },
    { from, to: '8.8.8.8', over: 'tcp/443' },
    { from, to: '8.8.8.8', over: 'dns' },
    ...names.map((to) => ({ from, to, over: 'http' })),
    ...others.flatMap((other) => services(from, other)),
    ...others.map(({ name }) => ({ from: name, to: '8.8.8.8' })),
    ...(peer ? [{ from, to: peer.name }, ...others.flatMap((other) => services(peer.name, other))] : []),
    ...(peer ? [{ from, to: peer.name, over: 'mtu/1500' }] : []),
    { from, to: '8.8.8.8', over: 'mtu/1500' },
    ...(isRouted(mode) ? [{ from, to: 'host' }] : []),
    ...(six ? [{ from, to: PUBLIC.six[0] }, ...routers6(site.gateway?.address).map((to) => ({ from, to }))] : []),
  ];
}

function services(from: string, { name, listens = [] }: ContainerFile): readonly Asked[] {
  return listens.map((over) => ({ from, to: name, over }));
}

function routers6(addresses: string | readonly string[] | undefined): readonly string[] {
  return [addresses ?? []].flat().filter((address) => address.includes(':'));
}
