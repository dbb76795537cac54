import { didYouMean } from '../../suggest.js';
import type { Problems } from '../problems.js';
import type { ContainerFile } from '../schema/schema.js';
import type { Path } from '../source.js';
import type { WantedNetwork } from './networks.js';
import type { ComposeAttachment, ComposeFile, ComposeService } from './schema.js';

/** A service that is on at least one IPvlan or macvlan network. */
export interface WantedService {
  /** Its key in the compose file. */
  readonly key: string;
  readonly container: ContainerFile;
  /** Keys of its networks in the compose file, in the order of the container's. */
  readonly networks: readonly string[];
  /** The network that its MAC address is given for. Absent when the service itself has one, or none. */
  readonly macOn: string | undefined;
}

/** One network of a service. */
interface Joined {
  readonly key: string;
  readonly attachment: ComposeAttachment;
  readonly path: Path;
}

/** The services of a compose file that are on its IPvlan and macvlan networks, as containers of a scenario. */
export function wantedServices(
  { services = {}, networks = {}, include }: ComposeFile,
  wanted: readonly WantedNetwork[],
  problems: Problems,
): readonly WantedService[] {
  if (include !== undefined) problems.warn(['include'], 'Included files are not read: only this file was checked.');
  const names = ['default', ...Object.keys(networks)];
  return Object.entries(services).flatMap(([key, service]) => {
    if (service.extends !== undefined)
      problems.warn(['services', key, 'extends'], `What ${key} extends is not read: only this file was checked.`);
    const joined = joinedNetworks(key, service);
    for (const one of joined)
      if (!names.includes(one.key))
        problems.add(
          one.path,
          `There is no network ${one.key}.${didYouMean(one.key, names) || ` There are: ${names.join(', ')}.`}`,
        );
    const own = joined.flatMap((one) => {
      const network = wanted.find((other) => other.key === one.key)?.network;
      return network ? [{ ...one, network }] : [];
    });
    if (own.length === 0) return [];
    checkPorts(key, service, { onlyThese: own.length === joined.length, network: own[0]?.key ?? '', problems });
    const [first] = own;
    const stated = first?.attachment.mac_address;
    // Docker gives a service's own MAC address to its first network.
    const mac = stated ?? (joined[0]?.key === first?.key ? service.mac_address : undefined);
    const container: ContainerFile = {
      name: key,
      networks: own.map(({ network, attachment }) => ({ name: network.name, ...fixed(attachment) })),
      ...(mac === undefined ? {} : { mac }),
    };
    return [
      { key, container, networks: own.map((one) => one.key), macOn: stated === undefined ? undefined : first?.key },
    ];
  });
}

function joinedNetworks(key: string, { networks, network_mode }: ComposeService): readonly Joined[] {
  const at: Path = ['services', key, 'networks'];
  if (network_mode !== undefined) return [];
  if (networks === undefined) return [{ key: 'default', attachment: {}, path: ['services', key] }];
  if (Array.isArray(networks))
    return networks.map((name, index) => ({ key: name, attachment: {}, path: [...at, index] }));
  return Object.entries(networks).map(([name, attachment]) => ({
    key: name,
    attachment: attachment ?? {},
    path: [...at, name],
  }));
}

/** A scenario gives addresses of both families in one list, IPv4 first. */
function fixed({ ipv4_address, ipv6_address }: ComposeAttachment): { readonly address?: string[] } {
  const address = [ipv4_address, ipv6_address].filter((one) => one !== undefined);
  return address.length === 0 ? {} : { address };
}

function checkPorts(
  key: string,
  { ports = [] }: ComposeService,
  about: { readonly onlyThese: boolean; readonly network: string; readonly problems: Problems },
): void {
  if (ports.length === 0 || !about.onlyThese) return;
  about.problems.warn(
    ['services', key, 'ports'],
    `Docker publishes no ports on an IPvlan or macvlan network such as ${about.network}, so that these do nothing: clients use the address of ${key}. Remove ports, or add a bridge network.`,
  );
}
