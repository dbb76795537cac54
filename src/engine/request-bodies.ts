import type { EngineFact } from '../evidence/facts.js';
import { familyOf } from '../ip.js';
import { identityLine, thisProcess } from '../process-identity.js';
import type { NetworkPlan } from '../scenario/plan.js';
import { LABELS, type NewContainer } from './engine.js';

/** The owner that all our objects name in their label. */
export const OWNER = 'ipvlan-doctor';

/** The labels of an object a run makes. */
export function labelsOf(run: string): Record<string, string> {
  return { [LABELS.run]: run, [LABELS.owner]: OWNER, [LABELS.process]: identityLine(thisProcess()) };
}

interface Asked {
  readonly run: string;
  readonly product: EngineFact['product'];
}

/** What `docker network create` would send for this network, with the option names of the engine's product. */
export function networkBody(network: NetworkPlan, { run, product }: Asked) {
  const mode = `${network.driver}_mode`;
  const options = {
    ...(network.parent === undefined || network.driver === 'bridge' ? {} : { parent: network.parent }),
    ...(network.mode === undefined ? {} : { [mode]: network.mode }),
    ...(network.flag === undefined ? {} : { ipvlan_flag: network.flag }),
    ...network.options,
  };
  return {
    Name: network.name,
    Driver: network.driver,
    CheckDuplicate: true,
    Internal: network.internal,
    EnableIPv6: network.subnets.some(({ subnet }) => familyOf(subnet) === 6),
    Options: product === 'Podman' ? inPodmansWords(options, mode) : options,
    Labels: labelsOf(run),
    IPAM: {
      Driver: 'default',
      Config: network.subnets.map(({ subnet, gateway, range, reserved }) => ({
        Subnet: subnet,
        ...(gateway === undefined ? {} : { Gateway: gateway }),
        ...(range === undefined ? {} : { IPRange: range }),
        ...(Object.keys(reserved).length === 0 ? {} : { AuxiliaryAddresses: { ...reserved } }),
      })),
    },
  };
}

/**
 * Podman calls the mode of any driver `mode`. It ignores unknown options, with a warning: with `ipvlan_mode` it creates
 * every network in L2.
 *
 * @see https://github.com/containers/podman/blob/main/pkg/api/handlers/compat/networks.go (`CreateNetwork`)
 */
function inPodmansWords(options: Readonly<Record<string, string>>, mode: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key === mode ? 'mode' : key, value]));
}

/** What `docker run` would send for this container. */
export function containerBody(container: NewContainer, run: string) {
  const { mac } = container;
  const addressed = container.addresses.length > 0 || mac !== undefined;
  const ports = (container.publishes ?? []).map(
    ({ protocol, port }) => [`${port}/${protocol}`, { HostPort: String(port) }] as const,
  );
  return {
    name: container.name,
    Image: container.image,
    Cmd: [...container.command],
    // Until API 1.43 the container has a MAC address, after that each of its endpoints.
    ...(mac === undefined ? {} : { MacAddress: mac }),
    Labels: labelsOf(run),
    HostConfig: {
      NetworkMode: container.network,
      ...(container.agent ? { Privileged: true, PidMode: 'host' } : {}),
      ...(container.dns.length > 0 ? { Dns: [...container.dns] } : {}),
      ...(ports.length > 0 ? { PortBindings: Object.fromEntries(ports.map(([port, host]) => [port, [host]])) } : {}),
    },
    ...(ports.length > 0 ? { ExposedPorts: Object.fromEntries(ports.map(([port]) => [port, {}])) } : {}),
    ...(addressed
      ? {
          NetworkingConfig: {
            EndpointsConfig: {
              [container.network]: {
                ...endpointOf(container.addresses),
                ...(mac === undefined ? {} : { MacAddress: mac }),
              },
            },
          },
        }
      : {}),
  };
}

/** Fixed addresses, as `--ip` and `--ip6` give them. */
export function endpointOf(addresses: readonly string[]): {
  IPAMConfig: { IPv4Address?: string; IPv6Address?: string };
} {
  const v4 = addresses.find((address) => familyOf(address) === 4);
  const v6 = addresses.find((address) => familyOf(address) === 6);
  return { IPAMConfig: { ...(v4 ? { IPv4Address: v4 } : {}), ...(v6 ? { IPv6Address: v6 } : {}) } };
}
