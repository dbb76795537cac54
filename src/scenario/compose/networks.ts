import { closest, didYouMean } from '../../suggest.js';
import type { Problems } from '../problems.js';
import type { NetworkFile } from '../schema/schema.js';
import type { Path } from '../source.js';
import type { ComposeFile, ComposeNetwork } from './schema.js';

/** An IPvlan or macvlan network of a compose file. */
export interface WantedNetwork {
  /** Its key in the compose file. */
  readonly key: string;
  readonly network: NetworkFile;
}

type ChildDriver = 'ipvlan' | 'macvlan';

/** Drivers that come with Docker. */
const DRIVERS = [
  'ipvlan',
  'macvlan',
  'bridge',
  'overlay',
  'host',
  'none',
  'null',
  'default',
  'transparent',
  'l2bridge',
  'nat',
];

/** The options that each driver reads, by their key in a scenario. Docker ignores all others without a message. */
const OPTIONS = {
  ipvlan: { parent: 'parent', mode: 'ipvlan_mode', flag: 'ipvlan_flag' },
  macvlan: { parent: 'parent', mode: 'macvlan_mode', flag: undefined },
} as const;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  ipvlan_mode: ['l2', 'l3', 'l3s'],
  ipvlan_flag: ['bridge', 'private', 'vepa'],
  macvlan_mode: ['bridge', 'vepa', 'private', 'passthru'],
};

/** The IPvlan and macvlan networks of a compose file. What Docker rejects, or ignores without a message, is a problem. */
export function wantedNetworks({ networks = {} }: ComposeFile, problems: Problems): readonly WantedNetwork[] {
  return Object.entries(networks).flatMap(([key, entry]) => {
    if (entry === undefined) return [];
    const at: Path = ['networks', key];
    if (isExternal(entry)) {
      checkExternal(key, entry, problems);
      return [];
    }
    const { driver } = entry;
    if (driver === 'ipvlan' || driver === 'macvlan') {
      checkOptions(driver, entry, { at, problems });
      return [{ key, network: networkFile(key, driver, entry) }];
    }
    if (driver !== undefined && !DRIVERS.includes(driver)) checkDriver(driver, [...at, 'driver'], problems);
    return [];
  });
}

function isExternal({ external }: ComposeNetwork): boolean {
  return external !== undefined && external !== false;
}

function checkExternal(
  key: string,
  { driver, driver_opts, ipam, name, external }: ComposeNetwork,
  problems: Problems,
): void {
  if (driver !== undefined || driver_opts !== undefined || ipam !== undefined)
    problems.add(
      ['networks', key],
      `The network ${key} is external, so that compose allows no driver, driver_opts or ipam here. Remove these, or "external".`,
    );
  const real = name ?? (typeof external === 'object' ? external.name : undefined) ?? key;
  problems.warn(
    ['networks', key],
    `The network ${key} is external: it is ${real} in Docker, and this file does not say how that one is made. It was not checked.`,
  );
}

function checkDriver(driver: string, path: Path, problems: Problems): void {
  const meant = didYouMean(driver, DRIVERS);
  if (meant) problems.add(path, `Docker has no network driver ${driver}.${meant}`);
  else problems.warn(path, `The driver ${driver} is not one of Docker's own, so that this network was not checked.`);
}

function checkOptions(
  driver: ChildDriver,
  { driver_opts = {}, internal, ipam }: ComposeNetwork,
  { at, problems }: { readonly at: Path; readonly problems: Problems },
): void {
  const known = Object.values(OPTIONS[driver]).filter((name) => name !== undefined);
  for (const [key, value] of Object.entries(driver_opts)) {
    const path = [...at, 'driver_opts', key];
    if (!known.some((name) => name === key)) checkUnknownOption(key, { driver, known, path, problems });
    else if (VALUES[key] && !VALUES[key].includes(value))
      problems.add(
        path,
        `${key} must be one of ${VALUES[key].join(', ')}, not "${value}".${didYouMean(value, VALUES[key])}`,
      );
  }
  if (driver_opts['parent'] === '') problems.add([...at, 'driver_opts', 'parent'], 'parent must not be empty.');
  if (driver_opts['parent'] === undefined && internal !== true)
    problems.warn(
      [...at, 'driver'],
      'No parent is given. Docker then creates a dummy link, and containers reach only each other. Add driver_opts: { parent: INTERFACE }.',
    );
  if ((ipam?.config ?? []).every(({ subnet }) => subnet === undefined))
    problems.warn(
      [...at, 'driver'],
      'No subnet is given. Docker then chooses one that no router of the LAN knows. Add ipam: { config: [{ subnet: … }] }.',
    );
}

function checkUnknownOption(
  key: string,
  where: {
    readonly driver: ChildDriver;
    readonly known: readonly string[];
    readonly path: Path;
    readonly problems: Problems;
  },
): void {
  const { driver, known, path, problems } = where;
  const ofOther = key.replace(/^(?:ip|mac)vlan_/, `${driver}_`);
  const meant = known.includes(ofOther) ? ofOther : closest(key, known);
  if (meant) problems.add(path, `The driver ${driver} ignores the option ${key}. Did you mean "${meant}"?`, 'key');
  else problems.warn(path, `The driver ${driver} ignores the option ${key}. It reads ${known.join(', ')}.`);
}

function networkFile(key: string, driver: ChildDriver, entry: ComposeNetwork): NetworkFile {
  const { name, internal, driver_opts = {}, ipam } = entry;
  const names = OPTIONS[driver];
  const read = new Set<string>(Object.values(names).filter((one) => one !== undefined));
  const stated = (word: string | undefined) => (word === undefined ? undefined : driver_opts[word]);
  const [mode, flag, parent] = [stated(names.mode), stated(names.flag), driver_opts['parent']];
  return {
    name: name ?? key,
    driver,
    ...(mode === undefined ? {} : { mode: mode as NonNullable<NetworkFile['mode']> }),
    ...(flag === undefined ? {} : { flag: flag as NonNullable<NetworkFile['flag']> }),
    ...(parent === undefined ? {} : { parent }),
    subnets: (ipam?.config ?? []).flatMap(({ subnet, gateway, ip_range, aux_addresses }) =>
      subnet === undefined
        ? []
        : [
            {
              subnet,
              ...(gateway === undefined ? {} : { gateway }),
              ...(ip_range === undefined ? {} : { range: ip_range }),
              ...(aux_addresses === undefined ? {} : { reserved: { ...aux_addresses } }),
            },
          ],
    ),
    internal: internal ?? false,
    options: Object.fromEntries(Object.entries(driver_opts).filter(([option]) => !read.has(option))),
  };
}
