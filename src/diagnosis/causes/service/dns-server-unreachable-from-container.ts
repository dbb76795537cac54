import { sameAddress } from '../../../ip.js';
import type { Names } from '../../../network/names.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, idsOf, named } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import { failedLookups, internetFlow } from '../../symptoms/lookups.js';
import { addShim, shimsFor } from '../../remedies/add-shim.js';
import { reachedBy, shimsOn } from '../../symptoms/shim.js';
import { flowSeen } from '../../symptoms/wire.js';

/** A lookup that failed because none of the container's DNS servers answers it. */
interface Unresolved extends Flow {
  readonly servers: readonly string[];
  /** The container's own queries to the servers, none of them answered. */
  readonly queries: readonly Flow[];
  /** A flow that shows that the container reaches the internet by address. */
  readonly reached: Flow;
}

export const dnsServerUnreachableFromContainer = defineCause({
  id: 'dns-server-unreachable-from-container',
  title: 'The container cannot reach its DNS server',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    Docker's resolver in the container forwards names to the servers given with --dns. It asks them from the container's own
    namespace, so a server that the container cannot reach resolves nothing. The usual case is a resolver on the Docker host
    itself (Pi-hole, AdGuard, dnsmasq). IPvlan L2 and macvlan containers never reach the host through the parent. Addresses
    are reachable, and names do not resolve.`,
  see: ['https://docs.docker.com/engine/network/#dns-services', 'https://github.com/moby/moby/issues/47662'],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const { flows, network } = observed;
    const lost = failedLookups(flows).flatMap((flow) => unresolved(observed, flow) ?? []);
    const [flow] = lost;
    if (!flow) return undefined;
    const { names, links } = network;
    const onHost = links.of(names.hostName) ?? [];
    // A shim repairs what the isolation of host and containers breaks, and nothing else.
    const isolated = lost.filter((one) => asksOwnHost(one, names) && shimsOn(onHost, one.network).length === 0);
    return found({
      about: flow,
      detail: {
        flow,
        isHost: names.isHost(flow.servers[0] ?? ''),
        shims: shimsFor(reachedBy(isolated), network),
      },
      explains: idsOf([...lost, ...lost.flatMap(({ queries }) => queries)]),
      because: distinctObservations([
        ...lost.map(serversOf),
        ...flow.queries.map(flowSeen),
        ...answeredElsewhere(flows, flow.servers),
        flowSeen(flow.reached),
      ]),
    });
  },
  explain: ({ flow, isHost }) =>
    `${named(flow)} cannot resolve ${flow.to.label}: its DNS server ${flow.servers[0]} ${isHost ? 'is the Docker host itself, and does' : 'does'} not answer it.`,
  remedy: ({ flow, shims }) => [
    ...(shims.length > 0
      ? [
          {
            title: 'Give the host its own link on the parent, through which its resolver answers the containers',
            use: 'run' as const,
            changes: shims.flatMap(addShim),
          },
        ]
      : []),
    advice('Give the container a DNS server that it can reach', 'docker', [
      sh`docker run --dns ${placeholder('SERVER')} --network ${flow.network?.name ?? 'bridge'} --name ${flow.container?.name ?? ''} ${placeholder('IMAGE')}`,
    ]),
  ],
});

/** @returns `undefined` unless all its servers were asked, none answered, and the container reaches the internet */
function unresolved({ flows, network }: Observed, flow: Flow): Unresolved | undefined {
  const servers = network.names.container(flow.container?.name)?.dns ?? [];
  const queries = servers.flatMap((server) => unansweredQuery(flows, flow, server) ?? []);
  const reached = internetFlow(flows, flow.container?.name);
  const none = servers.length > 0 && queries.length === servers.length;
  return none && reached ? { ...flow, servers, queries, reached } : undefined;
}

/** The container's own query to a server, if it was sent and not answered. */
function unansweredQuery(flows: readonly Flow[], { container }: Flow, server: string): Flow | undefined {
  return failing(flows).find(
    ({ probe, to, container: own, outbound }) =>
      outbound &&
      own?.name === container?.name &&
      probe.over.protocol === 'dns' &&
      probe.to.name === undefined &&
      sameAddress(to.address, server),
  );
}

function asksOwnHost({ servers, network }: Unresolved, names: Names): boolean {
  return !isLayer3(network) && network?.driver !== 'bridge' && servers.some((server) => names.isHost(server));
}

function serversOf({ container, servers }: Unresolved): Observation {
  return { kind: 'dns-servers', container: container?.name ?? '', servers };
}

/** Lookups of others that one of the servers answers. */
function answeredElsewhere(flows: readonly Flow[], servers: readonly string[]): readonly Observation[] {
  return flows
    .filter(
      ({ probe, to, arrival }) =>
        probe.over.protocol === 'dns' && arrival === 'all' && servers.some((server) => sameAddress(server, to.address)),
    )
    .map(flowSeen);
}
