import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAddress, isSubnet } from '../ip.js';
import { AddressBook } from './settle/address-book.js';
import { wantedNetworks } from './compose/networks.js';
import { composeSource } from './compose/place.js';
import { isCompose, readCompose } from './compose/read.js';
import { wantedServices } from './compose/services.js';
import { parseEnvironmentFile, type Variables } from './compose/variables.js';
import { parseScenario } from './load.js';
import type { NetworkPlan } from './plan.js';
import { Problems } from './problems.js';
import type { ContainerFile, NetworkFile } from './schema/schema.js';
import { list } from './schema/schema-terms.js';
import { settleContainers } from './settle/settle-containers.js';
import { settleNetworks } from './settle/settle-networks.js';
import { textOf } from './text-file.js';
import { readYaml, type YamlFile } from './yaml-file.js';

/** Networks that a user wants on a real host, settled, and the warnings about them. */
export interface WantedNetworks {
  readonly id: string;
  readonly networks: readonly NetworkPlan[];
  /** Addresses that containers ask for. */
  readonly fixed: readonly FixedAddress[];
  readonly warnings: readonly string[];
}

/** An address that a container asks for. */
export interface FixedAddress {
  readonly container: string;
  readonly address: string;
}

/**
 * Reads the IPvlan and macvlan networks of a scenario or of a compose file, and the containers on them. Only what Docker or the
 * kernel always rejects or ignores is a problem. The surroundings of the host are not known here.
 *
 * @param environment values for the variables of a compose file; they take precedence over its `.env`
 * @throws DoctorError `NOT_FOUND`, `SCENARIO_INVALID` with every problem and its place
 */
export async function loadWanted(file: string, environment: Variables = {}): Promise<WantedNetworks> {
  const text = await textOf(file);
  const yaml = readYaml(text, file, { merge: true });
  if (isCompose(yaml.value))
    return composeWanted(yaml, { ...(await environmentBeside(file, environment)), ...environment });
  const { scenario, source } = parseScenario(text, file);
  return { id: scenario.id, ...settled(scenario, new Problems(source)) };
}

/** {@link loadWanted} for a compose file at hand. */
export function composeWanted(yaml: YamlFile, variables: Variables): WantedNetworks {
  const { file, problems } = readCompose(yaml, variables);
  const networks = wantedNetworks(file, problems);
  const services = wantedServices(file, networks, problems);
  problems.throwIfAny();
  const source = composeSource(problems.source, { networks, services });
  const files = { networks: networks.map(({ network }) => network), containers: services.map((one) => one.container) };
  const { warnings, ...wanted } = settled(files, new Problems(source));
  const id = basename(yaml.source.file).replace(/\.ya?ml$/, '');
  return { id, ...wanted, warnings: [...problems.warnings, ...warnings] };
}

/** The `.env` in the directory of a compose file, as compose reads it; empty when there is none. */
async function environmentBeside(file: string, outer: Variables): Promise<Variables> {
  const text = await readFile(join(dirname(file), '.env'), 'utf8').catch(() => '');
  return parseEnvironmentFile(text, outer);
}

interface Files {
  readonly networks: readonly NetworkFile[];
  readonly containers: readonly ContainerFile[];
}

function settled({ networks: files, containers }: Files, problems: Problems): Omit<WantedNetworks, 'id'> {
  for (const [index, { subnets }] of files.entries())
    for (const [at, one] of subnets.entries()) {
      const { subnet, gateway } = typeof one === 'string' ? { subnet: one, gateway: undefined } : one;
      const path = ['networks', index, 'subnets', at];
      if (!isSubnet(subnet)) problems.add(path, `${subnet} is no subnet such as 192.168.0.0/24.`);
      if (gateway !== undefined && !isAddress(gateway)) problems.add([...path, 'gateway'], `${gateway} is no address.`);
    }
  problems.throwIfAny();
  const book = new AddressBook(problems);
  const networks = settleNetworks(files, undefined, book);
  settleContainers(containers, networks, book);
  problems.throwIfAny();
  return { networks, fixed: containers.flatMap(fixedAddresses), warnings: problems.warnings };
}

function fixedAddresses({ name, address, networks = [] }: ContainerFile): readonly FixedAddress[] {
  const addresses = [address, ...networks.map((one) => one.address)].flatMap((one) => list(one));
  return addresses.map((one) => ({ container: name, address: one }));
}
