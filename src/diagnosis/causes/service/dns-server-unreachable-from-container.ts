import type { DnsServer, DnsSource } from '../../../evidence/facts.js';
import { sameAddress } from '../../../ip.js';
import type { Names } from '../../../network/names.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { idsOf, named } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import { failedLookups } from '../../symptoms/lookups.js';
import { unresolved, type Unresolved } from '../../symptoms/unanswering-servers.js';
import { addShim, shimsFor } from '../../remedies/add-shim.js';
import { reachedBy, shimsOn } from '../../symptoms/shim.js';
import { flowSeen } from '../../symptoms/wire.js';

export const dnsServerUnreachableFromContainer = defineCause({
  id: 'dns-server-unreachable-from-container',
  title: 'The container cannot reach its DNS server',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    Docker's resolver in the container forwards names to the servers given with --dns, which it asks from the container's own
    namespace. Without them it takes those of the host's /etc/resolv.conf, which it asks from the host since Docker 28. A server
    that does not answer resolves nothing. One of several makes each lookup wait. The usual case is a resolver on the Docker
    host itself (Pi-hole, AdGuard, dnsmasq). IPvlan L2 and macvlan containers never reach the host through the parent.
    Addresses are reachable, and names do not resolve.`,
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
        isHost: names.isHost(flow.dead[0]?.address ?? ''),
        holder: holderOf(names, flow.dead[0]),
        host: names.hostName,
        shims: shimsFor(reachedBy(isolated), network),
      },
      explains: idsOf([...lost, ...lost.flatMap(({ queries }) => queries)]),
      ...(flow.none ? {} : { confidence: 'likely' as const }),
      because: distinctObservations([
        ...lost.flatMap((one) => serversOf(names, one)),
        ...flow.queries.map(flowSeen),
        ...answeredElsewhere(flows, flow.dead),
        flowSeen(flow.reached),
      ]),
    });
  },
  explain: ({ flow, isHost, holder }) => {
    const server = flow.dead[0]?.address;
    const lookup = `${named(flow)} cannot resolve ${flow.to.label}`;
    const who = holder === undefined ? `${server}` : `${server} (the container ${holder})`;
    const answers = isHost ? 'is the Docker host itself, and does not answer' : 'does not answer';
    const taken = TAKEN[flow.dead[0]?.source ?? 'docker'];
    return flow.none
      ? `${lookup}: its DNS server ${who} ${answers} it${taken}.`
      : `${lookup} in time: the first of its DNS servers, ${who}, ${answers}${taken}, and its resolver waits for it before it asks the next.`;
  },
  remedy: ({ flow, shims, host }) => [
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
    ...onHostItself(flow, host),
  ],
});

/** Where a server that was not given to the container comes from, as the end of a sentence. */
const TAKEN: Readonly<Record<DnsSource, string>> = {
  docker: '',
  host: ', and Docker took it from /etc/resolv.conf of the host',
  'systemd-resolved': ', and it is a server of systemd-resolved on the host',
  container: ", and it is in the container's own /etc/resolv.conf",
};

/** What the host passes on to its containers is changed there; they take it when they start. */
function onHostItself({ dead, container }: Unresolved, host: string): readonly Remedy[] {
  const [server] = dead;
  const restart = on('docker', sh`docker restart ${container?.name ?? ''}`);
  if (server?.source === 'host')
    return [
      advice("Replace it in the host's /etc/resolv.conf, for all containers", host, [
        on(host, sh`grep -n nameserver /etc/resolv.conf   # replace ${server.address}`),
        restart,
      ]),
    ];
  if (server?.source !== 'systemd-resolved') return [];
  return [
    advice('Give systemd-resolved a server that answers, for all containers', host, [
      on(host, sh`resolvectl dns ${placeholder('LINK')} ${placeholder('SERVER')}`),
      restart,
    ]),
  ];
}

function asksOwnHost({ dead, network }: Unresolved, names: Names): boolean {
  const isApart = !isLayer3(network) && network?.driver !== 'bridge';
  return isApart && dead.some(({ address, askedFrom }) => askedFrom === 'container' && names.isHost(address));
}

function serversOf(names: Names, { container, dead }: Unresolved): readonly Observation[] {
  const name = container?.name ?? '';
  if (container?.resolvers === undefined)
    return [{ kind: 'dns-servers', container: name, servers: dead.map(({ address }) => address) }];
  return dead.map((server) => ({ kind: 'dns-server', container: name, server, holder: holderOf(names, server) }));
}

/** The container of this host that a server is. */
function holderOf(names: Names, server: DnsServer | undefined): string | undefined {
  return server && names.knownBy(server.address).find(({ kind }) => kind === 'container')?.name;
}

/** Lookups of others that one of the servers answers. */
function answeredElsewhere(flows: readonly Flow[], servers: readonly DnsServer[]): readonly Observation[] {
  return flows
    .filter(
      ({ probe, to, arrival }) =>
        probe.over.protocol === 'dns' &&
        arrival === 'all' &&
        servers.some(({ address }) => sameAddress(address, to.address)),
    )
    .map(flowSeen);
}
