import type { ContainerFact } from '../evidence/facts.js';
import { refuseControlCharacters } from './by-name.js';

/** The part of Docker's answer that we read. All else is left out, above all environment and labels. */
interface ContainerAnswer {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string };
  readonly Config?: { readonly MacAddress?: string } | null;
  readonly HostConfig?: {
    readonly Dns?: readonly string[] | null;
    readonly PortBindings?: Readonly<Record<string, readonly { readonly HostPort?: string }[] | null>> | null;
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, EndpointAnswer>> };
}

interface EndpointAnswer {
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  readonly Gateway?: string;
  readonly IPv6Gateway?: string;
  readonly MacAddress?: string;
  readonly IPAMConfig?: { readonly IPv4Address?: string; readonly IPv6Address?: string } | null;
}

/** @param answer what `docker inspect` answers */
export function containerFact(answer: unknown): ContainerFact {
  const { Id, Name, State, Config, HostConfig, NetworkSettings } = answer as ContainerAnswer;
  refuseControlCharacters(Name, 'container');
  const publishes = publishedPorts(HostConfig?.PortBindings ?? {});
  return {
    name: Name.replace(/^\//, ''),
    id: Id,
    state: State.Status,
    attachments: Object.entries(NetworkSettings.Networks).map(([network, endpoint], index) => ({
      network,
      addresses: [
        endpoint.IPAddress || endpoint.IPAMConfig?.IPv4Address,
        endpoint.GlobalIPv6Address || endpoint.IPAMConfig?.IPv6Address,
      ].filter((address): address is string => Boolean(address)),
      gateway: endpoint.Gateway || endpoint.IPv6Gateway || undefined,
      ...macOf(endpoint, index === 0 ? Config?.MacAddress : undefined),
    })),
    ...(HostConfig?.Dns?.length ? { dns: HostConfig.Dns } : {}),
    ...(publishes.length > 0 ? { publishes } : {}),
  };
}

/** Until API 1.43 what a container asks for is its own, for its first network; after that each endpoint's. */
function macOf({ MacAddress }: EndpointAnswer, asked: string | undefined): { readonly mac?: string } {
  const mac = MacAddress || asked;
  return mac ? { mac: mac.toLowerCase() } : {};
}

/** What `docker run -p` asked for, whether or not the driver did anything about it. */
function publishedPorts(
  bindings: NonNullable<NonNullable<ContainerAnswer['HostConfig']>['PortBindings']>,
): NonNullable<ContainerFact['publishes']> {
  return Object.entries(bindings).flatMap(([text, hosts]) => {
    const [port, protocol] = text.split('/');
    return (hosts ?? []).map(({ HostPort }) => ({
      protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
      port: Number(port),
      hostPort: HostPort ? Number(HostPort) : undefined,
    }));
  });
}
