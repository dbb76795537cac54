import type { NodeFact } from '../../../evidence/facts.js';
import { sameAddress } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failedLookups, reachesInternet } from '../../symptoms/lookups.js';
import { failing, idsOf, named } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { holds, hostName, nodeOfKind } from '../../reading.js';
import { reachedBy, shimsFor, shimsOn, standUp } from '../../symptoms/shim.js';

export const dnsServerUnreachableFromContainer = defineCause({
  id: 'dns-server-unreachable-from-container',
  title: 'The container cannot reach the DNS server it was given',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    Docker's resolver in the container passes names on to the servers given with --dns, and asks them from the container's
    own namespace: a server the container cannot reach resolves nothing. The usual case is a resolver on the Docker host
    itself (Pi-hole, AdGuard, dnsmasq), which IPvlan L2 and macvlan containers never reach by the parent. Addresses
    answer, names do not.`,
  see: ['https://docs.docker.com/engine/network/#dns-services', 'https://github.com/moby/moby/issues/47662'],

  reproduced: { by: 'scenario' },

  detect({ flows, nodes, containers, links }) {
    const lost = failedLookups(flows).flatMap((flow) => {
      const servers = containers.find(({ name }) => name === flow.container?.name)?.dns ?? [];
      const silent = servers.map((server) => silentTo(flows, flow, server));
      const all = silent.length > 0 && silent.every((asked) => asked !== undefined);
      return all && reachesInternet(flows, flow.container?.name)
        ? [{ ...flow, servers, silent: silent.flatMap((asked) => asked ?? []) }]
        : [];
    });
    const [flow] = lost;
    if (!flow) return undefined;
    const host = nodeOfKind(nodes, 'host');
    const onHost = links[hostName(nodes)] ?? [];
    // The shim repairs what the isolation of host and containers breaks, and nothing else.
    const isolated = lost.filter((one) => isOwnHost(one, host) && shimsOn(onHost, one.network).length === 0);
    return found({
      detail: { flow, host, shims: shimsFor(reachedBy(isolated), { nodes, onHost }) },
      explains: idsOf([...lost, ...lost.flatMap(({ silent }) => silent)]),
      because: [
        ...new Set(
          lost.map(
            ({ container, servers }) =>
              `${container?.name}: it asks ${servers.join(' and ')} (docker inspect), which does not answer it.`,
          ),
        ),
        ...elsewhere(flows, flow.servers),
        `${flow.container?.name}: addresses on the internet answer.`,
      ],
    });
  },
  explain: ({ flow, host }) =>
    `${named(flow)} cannot resolve ${flow.to.label}: its DNS server ${flow.servers[0]} ${holds(host, flow.servers[0] ?? '') ? 'is the Docker host itself, and' : ''} does not answer it.`.replace(
      '  ',
      ' ',
    ),
  remedy: ({ flow, shims }) => [
    ...(shims.length > 0
      ? [
          {
            title: 'Give the host a link of its own on the parent, by which its resolver answers the containers',
            use: 'run' as const,
            commands: shims.flatMap(standUp),
          },
        ]
      : []),
    advice('Or give the container a server it can reach', 'docker', [
      sh`docker run --dns ${placeholder('SERVER')} --network ${flow.network?.name ?? 'bridge'} --name ${flow.container?.name ?? ''} ${placeholder('IMAGE')}`,
    ]),
  ],
});

/** The container's own question to a server, if it was asked and not answered. */
function silentTo(flows: readonly Flow[], { container }: Flow, server: string): Flow | undefined {
  return failing(flows).find(
    ({ probe, to, container: own, outbound }) =>
      outbound &&
      own?.name === container?.name &&
      probe.over.protocol === 'dns' &&
      probe.to.name === undefined &&
      sameAddress(to.address, server),
  );
}

function isOwnHost({ servers, network }: Flow & { servers: readonly string[] }, host: NodeFact | undefined): boolean {
  return !isLayer3(network) && network?.driver !== 'bridge' && servers.some((server) => holds(host, server));
}

/** Who does get an answer. */
function elsewhere(flows: readonly Flow[], servers: readonly string[]): readonly string[] {
  return flows.flatMap(({ probe, from, to, arrival }) =>
    probe.over.protocol === 'dns' && arrival === 'all' && servers.some((server) => sameAddress(server, to.address))
      ? [`${from.label}: ${to.address} answers it.`]
      : [],
  );
}
