import type { ContainerFact, NetworkFact, PublishedPort } from '../../../evidence/facts.js';
import { familyOf } from '../../../ip.js';
import { takes } from '../../../path/predict/listening.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause, found, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf } from '../../flow-questions.js';
import { hostName, holds, nodeOfKind } from '../../reading.js';

type Needs = 'nodes' | 'networks' | 'containers';

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
  title: 'Published ports do nothing on IPvlan and macvlan',
  layer: 'service',
  kind: 'by-design',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers'],
  uses: ['sockets'],
  background: `
    "docker run -p" makes the host forward a port of its own to a container on a bridge. IPvlan and macvlan containers have
    addresses of their own on the LAN and are not behind the host: Docker accepts -p, starts the container, and publishes
    nothing. "docker port" prints nothing, the host refuses the connection, and only dockerd's log says so. The service is
    to be had at the container's own address, at the container's own port.`,
  see: [
    'https://github.com/moby/moby/blob/master/daemon/libnetwork/drivers/ipvlan/ipvlan_endpoint.go',
    'https://github.com/containers/podman/issues/20409',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => ignoredBy(view, flow) ?? []);
    const [first] = lost;
    if (!first) return undefined;
    const each = [...new Map(lost.map((one) => [`${one.container.name} ${one.port.port}`, one])).values()];
    return found({
      detail: { first, each },
      explains: idsOf(lost.map(({ flow }) => flow)),
      because: [
        ...each.map(
          ({ container, network, port }) =>
            `${container.name}: it publishes ${port.protocol}/${port.hostPort ?? port.port} and is on ${network.name} (${network.driver}), which publishes nothing.`,
        ),
        ...answered(view, each),
      ],
    });
  },
  explain: ({ first: { flow, container, network, port, address } }) =>
    `${flow.from.label} cannot reach ${container.name} by the host's port ${port.hostPort ?? port.port}: ${network.driver} ignores published ports, and the service is at ${address}, port ${port.port}.`,
  remedy: ({ each }) => [
    advice(
      "Use the container's own address and port",
      'docker',
      each.map(({ address, port }) => sh`nc -vz ${address} ${port.port}`),
    ),
    advice(
      'Or give the container a bridge network too, by which its ports are published. It may then take its default route by the bridge',
      'docker',
      each.flatMap(({ container }) => [
        sh`docker network create published`,
        sh`docker network connect published ${operands(container.name)}`,
      ]),
    ),
  ],
});

function ignoredBy({ nodes, networks, containers, sockets }: View<Needs, 'sockets'>, flow: Flow): Ignored | undefined {
  const { over } = flow.probe;
  const asked = 'port' in over ? over : over.protocol === 'http' ? { protocol: 'tcp', port: 80 } : undefined;
  if (!asked || !holds(nodeOfKind(nodes, 'host'), flow.to.address)) return undefined;
  const listening = sockets?.[hostName(nodes)]?.filter(
    ({ protocol, port }) => protocol === asked.protocol && port === asked.port,
  );
  if (listening?.some(({ address }) => takes(address, flow.to.address))) return undefined;
  for (const container of containers) {
    const on = container.attachments.flatMap((one) => networks.find(({ name }) => name === one.network) ?? []);
    const port = container.publishes?.find(
      (one) => one.protocol === asked.protocol && (one.hostPort ?? one.port) === asked.port,
    );
    const [network] = on;
    const address = container.attachments
      .flatMap(({ addresses }) => addresses)
      .find((own) => familyOf(own) === familyOf(flow.to.address));
    if (port && network && address && on.every(({ driver }) => driver !== 'bridge'))
      return { flow, container, network, port, address };
  }
  return undefined;
}

/** The same service asked for at its own address. */
function answered({ flows }: View<Needs>, each: readonly Ignored[]): readonly string[] {
  return flows.flatMap(({ probe: { over }, to, from, arrival }) =>
    arrival === 'all' &&
    each.some(({ address, port }) => address === to.address && 'port' in over && over.port === port.port)
      ? [`${from.label}: ${to.address} answers on port ${'port' in over ? over.port : ''}.`]
      : [],
  );
}
