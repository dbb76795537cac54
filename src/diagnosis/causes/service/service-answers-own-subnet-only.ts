import { contains } from '../../../ip.js';
import { listensAt, type Port } from '../../../network/listening.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, getsThrough, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { flowSeen, sighting } from '../../symptoms/wire.js';

/** A request that reached a container's service, and got no reply. */
interface Ignored {
  readonly flow: Flow;
  readonly container: string;
  readonly subnet: string;
  readonly asked: Port;
  readonly seen: Observation;
  /** The same service replies to a machine in the container's own subnet; absent where none asked. */
  readonly near: Flow | undefined;
}

export const serviceAnswersOwnSubnetOnly = defineCause({
  id: 'service-answers-own-subnet-only',
  title: 'The service only replies to its own subnet',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['containers', 'networks', 'captures', 'sockets', 'firewall'],
  background: `
    Some services read a request and do not reply where its sender is in another subnet: dnsmasq and Pi-hole with
    local-service, Samba, and others with a list of allowed addresses. The request reaches the container, the port is open, and
    nothing is sent back. The network and the packet filters work. A TCP service with such a setting accepts the
    connection first, so that this shows with UDP only.`,
  see: [
    'https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html',
    'https://www.samba.org/samba/docs/current/man-html/smb.conf.5.html',
  ],

  detect(view) {
    const ignored = failing(view.flows).flatMap((flow) => ignoredBy(view, flow) ?? []);
    const [first] = ignored;
    if (!first) return undefined;
    const near = ignored.find((one) => one.near)?.near;
    return found({
      about: first.flow,
      detail: { first, each: [...new Map(ignored.map((one) => [`${one.container} ${one.asked.port}`, one])).values()] },
      explains: idsOf(ignored.map(({ flow }) => flow)),
      confidence: near ? 'certain' : 'likely',
      because: [...ignored.map(({ seen }) => seen), ...(near ? [flowSeen(near)] : [])],
    });
  },
  explain: ({ first: { flow, container, asked, subnet } }) =>
    `${complaint(flow)} on ${asked.protocol}/${asked.port}: ${container} receives the request, and its service sends no reply to an address outside ${subnet}.`,
  remedy: ({ each }) => [
    advice(
      "Let the service reply to other subnets, in its own configuration ('local-service', 'hosts allow', 'listening mode')",
      'docker',
      each.map(
        ({ container, flow, asked }) =>
          sh`# in ${container}: allow ${flow.from.address} on ${asked.protocol}/${asked.port}`,
      ),
    ),
  ],
});

/** The container's own link saw the request and no reply, its port is open, and nothing on the path is predicted to stop either. */
function ignoredBy(view: Observed, flow: Flow): Ignored | undefined {
  const { network, observed } = view;
  const { from, to } = flow;
  const container = network.names.container(to.node?.name);
  const asked = portOfDatagram(flow);
  if (!container || !asked || !isSilent(flow)) return undefined;
  const subnet = network.addresses
    .networkOf(container, to.address)
    ?.subnets.find((one) => contains(one.subnet, to.address))?.subnet;
  if (subnet === undefined || contains(subnet, from.address)) return undefined;
  const device = network.addresses.linkWith(container.name, to.address)?.name;
  const { requests, replies, reliable } = sighting(flow, observed.capture(container.name, device));
  const isRead = reliable && requests.length > 0 && replies.length === 0 && isLostInside(view, flow, container.name);
  if (!isRead || listensAt(network, container.name, { ...asked, address: to.address }) !== true) return undefined;
  const others = view.flows.filter((other) => asksSame(other, flow) && contains(subnet, other.from.address));
  if (others.some(({ arrival }) => arrival === 'none')) return undefined;
  const at = { node: container.name, device };
  const ends = { source: from.address, destination: to.address };
  return {
    ...{ flow, container: container.name, subnet, asked, near: others.find(getsThrough) },
    seen: { kind: 'packets-seen', at, ...ends, requests: requests.length, replies: 0 },
  };
}

function isSilent({ probe: { outcome } }: Flow): boolean {
  return outcome.kind === 'attempts' && outcome.failure === 'timeout';
}

/** No route and no filter of the container is to blame, and all of them were seen. */
function isLostInside({ paths }: Observed, { probe }: Flow, container: string): boolean {
  const { forward, return: returned } = paths.ofAny(probe);
  const own = [...forward, ...returned].filter(({ node }) => node === container);
  return own.length > 0 && own.every(({ predicted }) => predicted.verdict === 'passes');
}

function portOfDatagram({ probe: { over, to } }: Flow): Port | undefined {
  if (over.protocol === 'dns' && to.name === undefined) return { protocol: 'udp', port: 53 };
  return over.protocol === 'udp' ? { protocol: 'udp', port: over.port } : undefined;
}

function asksSame(one: Flow, other: Flow): boolean {
  return one.to.address === other.to.address && portOfDatagram(one)?.port === portOfDatagram(other)?.port;
}
