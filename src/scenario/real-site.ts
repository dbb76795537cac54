import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { DoctorError, messageOf } from '../errors.js';
import { isAddress, isSubnet } from '../ip.js';
import { AddressBook } from './address-book.js';
import { parseScenario } from './load.js';
import type { NetworkPlan } from './plan.js';
import { Problems } from './problems.js';
import type { NetworkFile } from './schema.js';
import { settleNetworks } from './settle-networks.js';
import { type Path, type Source, yamlSource } from './source.js';

/** The networks somebody wants on a real host, settled, and what is odd about them. */
export interface Wanted {
  readonly id: string;
  readonly networks: readonly NetworkPlan[];
  readonly warnings: readonly string[];
}

/**
 * Reads the IPvlan and macvlan networks of a scenario or of a compose file. Only what Docker or the kernel would refuse
 * wherever it is tried is a problem: what is around the host is not known here.
 *
 * @throws DoctorError `NOT_FOUND`, `SCENARIO_INVALID` with every problem and its place
 */
export async function loadWanted(file: string): Promise<Wanted> {
  const text = await textOf(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
  const compose = composeNetworks(value);
  if (!compose) {
    const { scenario, source } = parseScenario(text, file);
    return settled(scenario.networks, source, scenario.id);
  }
  return settled(
    compose.map(({ network }) => network),
    composeSource(yamlSource(file, document, lines), compose),
    basename(file).replace(/\.ya?ml$/, ''),
  );
}

function settled(files: readonly NetworkFile[], source: Source, id: string): Wanted {
  const problems = new Problems(source);
  for (const [index, { subnets }] of files.entries())
    for (const [at, one] of subnets.entries()) {
      const { subnet, gateway } = typeof one === 'string' ? { subnet: one, gateway: undefined } : one;
      const path = ['networks', index, 'subnets', at];
      if (!isSubnet(subnet)) problems.add(path, `${subnet} is no subnet such as 192.168.0.0/24.`);
      if (gateway !== undefined && !isAddress(gateway)) problems.add([...path, 'gateway'], `${gateway} is no address.`);
    }
  problems.throwIfAny();
  const networks = settleNetworks(files, undefined, new AddressBook(problems));
  problems.throwIfAny();
  return { id, networks, warnings: problems.warnings };
}

interface ComposeNetwork {
  /** Its key in the compose file. */
  readonly key: string;
  readonly network: NetworkFile;
}

interface ComposeFile {
  readonly networks?: Readonly<Record<string, ComposeEntry | null>>;
}

interface ComposeEntry {
  readonly name?: string;
  readonly driver?: string;
  readonly internal?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly ipam?: { readonly config?: readonly ComposeSubnet[] };
}

interface ComposeSubnet {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ip_range?: string;
  readonly aux_addresses?: Readonly<Record<string, string>>;
}

/** @returns `undefined` when it is not a compose file: there networks are a list */
function composeNetworks(value: unknown): readonly ComposeNetwork[] | undefined {
  const { networks } = (typeof value === 'object' && value !== null ? value : {}) as ComposeFile;
  if (typeof networks !== 'object' || networks === null || Array.isArray(networks)) return undefined;
  return Object.entries(networks).flatMap(([key, entry]) =>
    entry?.driver === 'ipvlan' || entry?.driver === 'macvlan' ? [{ key, network: networkFile(key, entry) }] : [],
  );
}

function networkFile(key: string, { name, driver, internal, driver_opts = {}, ipam }: ComposeEntry): NetworkFile {
  const { parent, ipvlan_mode, macvlan_mode, ipvlan_flag, ...options } = driver_opts;
  const mode = (ipvlan_mode ?? macvlan_mode) as NetworkFile['mode'];
  return {
    name: name ?? key,
    driver: driver as 'ipvlan' | 'macvlan',
    ...(mode === undefined ? {} : { mode }),
    ...(ipvlan_flag === undefined ? {} : { flag: ipvlan_flag as NonNullable<NetworkFile['flag']> }),
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
    options,
  };
}

/** Where a compose file says what a scenario says elsewhere. */
const PLACES: Readonly<Record<string, Path>> = {
  parent: ['driver_opts', 'parent'],
  mode: ['driver_opts', 'ipvlan_mode'],
  flag: ['driver_opts', 'ipvlan_flag'],
  subnets: ['ipam', 'config'],
  range: ['ip_range'],
  reserved: ['aux_addresses'],
};

function composeSource(source: Source, networks: readonly ComposeNetwork[]): Source {
  return {
    file: source.file,
    locate([, index, ...rest], part) {
      const key = networks[Number(index)]?.key ?? '';
      return source.locate(['networks', key, ...rest.flatMap((step) => PLACES[step] ?? [step])], part);
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DoctorError('NOT_FOUND', `${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
