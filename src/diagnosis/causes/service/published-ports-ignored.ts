import type { ContainerFact, NetworkFact, PublishedPort } from '../../../evidence/facts.js';
import { familyOf } from '../../../ip.js';
import { listensAt, type Port } from '../../../network/listening.js';
import type { NetworkState } from '../../../network/network-state.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf, portAsked } from '../../flow-questions.js';
import { flowSeen } from '../../symptoms/wire.js';

/** A flow to a port of the host that only a container without a bridge network has published. */
interface Ignored {
  readonly flow: Flow;
  readonly container: ContainerFact;
  readonly network: NetworkFact;
  readonly port: PublishedPort;
  readonly address: string;
}

export const publishedPortsIgnored = defineCause({
  id: 'published-ports-ignored',
  title: 'IPvlan and macvlan ignore published ports',
  layer: 'service',
  kind: 'by-design',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers'],
  background: `
    With "docker run -p" the host forwards one of its ports to a container on a bridge. IPvlan and macvlan containers have
    their own addresses on the LAN and are not behind the host. Docker accepts -p, starts the container, and publishes
    nothing. "docker port" prints nothing, the host rejects the connection, and only dockerd's log shows why. The service is
    reachable at the container's own address and port.`,
  see: [
    'https://github.com/moby/moby/blob/master/daemon/libnetwork/drivers/ipvlan/ipvlan_endpoint.go',
    'https://github.com/containers/podman/issues/20409',
  ],

  reproduced: { by: 'scenario' },

  detect({ flows, network }) {
    const lost = failing(flows).flatMap((flow) => ignoredBy(network, flow) ?? []);
    const [first] = lost;
    if (!first) return undefined;
    const each = [...new Map(lost.map((one) => [`${one.container.name} ${one.port.port}`, one])).values()];
    return found({
      about: first.flow,
      detail: { first, each },
      explains: idsOf(lost.map(({ flow }) => flow)),
      because: [
        ...each.map(({ container, network: { name, driver }, port: { protocol, hostPort, port } }) => ({
          kind: 'published-port' as const,
          container: container.name,
          ...{ protocol, port: hostPort ?? port, network: name, driver },
        })),
        ...flows.filter((flow) => isAnswered(flow, each)).map(flowSeen),
      ],
    });
  },
  explain: ({ first: { flow, container, network, port, address } }) =>
    `${flow.from.label} cannot reach ${container.name} through the host's port ${port.hostPort ?? port.port}: ${network.driver} ignores published ports. The service is at ${address}, port ${port.port}.`,
  remedy: ({ each }) => [
    advice(
      "Use the container's own address and port",
      'docker',
      each.map(({ address, port }) => sh`nc -vz ${address} ${port.port}`),
    ),
    advice(
      'Connect the container to a bridge network as well, which publishes its ports. Its default route may then lead through the bridge',
      'docker',
      each.flatMap(({ container }) => [
        sh`docker network create published`,
        { kind: 'membership' as const, do: 'connect' as const, container: container.name, network: 'published' },
      ]),
    ),
  ],
});

function ignoredBy(state: NetworkState, flow: Flow): Ignored | undefined {
  const { names } = state;
  const asked = portAsked(flow);
  if (!asked || !names.isHost(flow.to.address)) return undefined;
  if (listensAt(state, names.hostName, { ...asked, address: flow.to.address }) === true) return undefined;
  return names.containers.flatMap(
    (container) => publishedBy(names.networksOf(container.name), { container, flow, asked }) ?? [],
  )[0];
}

/** A container's published port that a flow asks for; `undefined` where one of its networks is a bridge, which publishes it. */
function publishedBy(
  on: readonly NetworkFact[],
  { container, flow, asked }: { readonly container: ContainerFact; readonly flow: Flow; readonly asked: Port },
): Ignored | undefined {
  const [network] = on;
  const port = container.publishes?.find(
    (one) => one.protocol === asked.protocol && (one.hostPort ?? one.port) === asked.port,
  );
  const address = container.attachments
    .flatMap(({ addresses }) => addresses)
    .find((own) => familyOf(own) === familyOf(flow.to.address));
  const published = on.some(({ driver }) => driver === 'bridge');
  return port && network && address !== undefined && !published
    ? { flow, container, network, port, address }
    : undefined;
}

/** Whether a flow reaches the same service at its own address. */
function isAnswered({ probe: { over }, to, arrival }: Flow, each: readonly Ignored[]): boolean {
  return (
    arrival === 'all' &&
    each.some(({ address, port }) => address === to.address && 'port' in over && over.port === port.port)
  );
}
