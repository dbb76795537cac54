import type { Link } from '../../../evidence/facts.js';
import { bare, sameAddress } from '../../../ip.js';
import { pathOf } from '../../../path/trace.js';
import { World } from '../../../network/world.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failing, farAddress, idsOf, named, telling } from '../../flow-questions.js';
import { hostName, linkHolding, nodeOfKind } from '../../reading.js';
import { ownLink } from '../../symptoms/own-link.js';
import { linksOfSegment } from '../../../network/segments.js';

type Needs = 'nodes' | 'networks' | 'links';
type Uses = 'containers' | 'routes' | 'rules' | 'captures' | 'firewall' | 'sysctls' | 'neighbours' | 'traces';

/** A link on a flow's way. */
interface OnTheWay {
  readonly node: string;
  readonly device: string;
  readonly mtu: number;
}

/** A flow whose big packets get lost, while small ones arrive. */
interface Swallowed {
  readonly flow: Flow;
  readonly bytes: number;
  /** Links on its way that carry less; empty where that is none that was seen. */
  readonly narrow: readonly OnTheWay[];
}

export const mtuMismatch = defineCause({
  id: 'mtu-mismatch',
  title: 'A link on the way carries smaller packets than its neighbours send',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'links'],
  uses: ['containers', 'routes', 'rules', 'captures', 'firewall', 'sysctls', 'neighbours', 'traces'],
  background: `
    Small packets arrive and big ones do not: ping works, TCP connects and then hangs. On one segment all links must carry
    packets of the same size, for nobody there says that one was too big; it is lost without a word. IPvlan links take the
    parent's MTU and follow it, and Docker's MTU option does nothing for them. Tunnels, VLANs and PPPoE carry less than 1500
    bytes; behind a router that says so, senders learn it, unless somebody filters what it says.`,
  see: ['https://www.rfc-editor.org/rfc/rfc2923', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const world = new World(view);
    const lost = failing(view.flows).flatMap((flow) => swallowed(view, flow) ?? []);
    const ours = lost.filter(({ flow }) => flow.container !== undefined);
    const flow = telling(ours.map((one) => one.flow));
    const told = ours.find((one) => one.flow === flow);
    if (!flow || !told) return undefined;
    const { end } = pathOf(world, flow.probe);
    const narrow = [
      ...new Map(ours.flatMap((one) => one.narrow).map((link) => [`${link.node} ${link.device}`, link])).values(),
    ];
    return found({
      detail: { flow, bytes: told.bytes, narrow, view },
      explains: idsOf(lost.map((one) => one.flow)),
      confidence: narrow.length > 0 ? 'certain' : 'likely',
      ...(end ? { hop: end.hop } : {}),
      because: [
        `${flow.from.label} to ${flow.to.label}: packets of ${told.bytes} bytes get lost, small ones arrive.`,
        ...narrow.map(({ node, device, mtu }) => `${node}: ${device} carries ${mtu} bytes at most (ip link).`),
        ...(narrow.length === 0 ? [`Every link on the way that could be seen carries ${told.bytes} bytes.`] : []),
      ],
    });
  },
  explain: ({ flow, bytes, narrow: [link] }) =>
    `${flow.outbound ? `${named(flow)} reaches ${flow.to.label}` : `${flow.from.label} reaches ${named(flow)}`} with small packets only: ${
      link
        ? `${link.device} of ${link.node} carries ${link.mtu} bytes at most`
        : `something between them carries less than ${bytes} bytes`
    }.`,
  remedy: ({ flow, bytes, narrow, view }) => {
    const commands = narrow.flatMap((link) => widen(view, link));
    const parent = flow.network?.parent ?? placeholder('PARENT');
    return [
      ...(commands.length > 0
        ? [{ title: 'Have it carry what the others on its segment carry', use: 'run' as const, commands }]
        : []),
      advice(
        'Where it cannot carry more: have the parent send less. Its IPvlan links follow it',
        hostName(view.nodes),
        [sh`ip link set dev ${parent} mtu ${narrow[0]?.mtu ?? placeholder(`LESS_THAN_${bytes}`)}`],
      ),
      advice('Behind a router with a narrow uplink: have it tell both ends of a connection', 'gateway', [
        sh`nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu`,
      ]),
    ];
  },
});

/** Lost as a whole where a small packet between the same two arrives. */
function swallowed(view: View<Needs, Uses>, flow: Flow): Swallowed | undefined {
  const { over } = flow.probe;
  if (over.protocol !== 'mtu') return undefined;
  const small = view.flows.some(
    ({ probe, arrival }) =>
      arrival === 'all' &&
      probe.from === flow.probe.from &&
      sameAddress(probe.to.address, flow.probe.to.address) &&
      (probe.over.protocol !== 'mtu' || probe.over.bytes < over.bytes),
  );
  if (!small) return undefined;
  return { flow, bytes: over.bytes, narrow: onTheWay(view, flow).filter(({ mtu }) => mtu < over.bytes) };
}

/** Links a flow crosses: its container's, the parent, the gateway's on the segment, and the far end's; beyond the LAN the uplink. */
function onTheWay(view: View<Needs, Uses>, flow: Flow): readonly OnTheWay[] {
  const { container, network, peer } = flow;
  const gateway = nodeOfKind(view.nodes, 'gateway')?.name ?? '';
  const far = (flow.outbound ? flow.to : flow.from).node?.name ?? '';
  const lan = linksOfSegment(view.network, gateway, network);
  const uplinks = (view.links[gateway] ?? []).filter((link) => !lan.includes(link.name) && isUplink(link));
  const places: readonly (readonly [string, string | undefined])[] = [
    [container?.name ?? '', ownLink(flow, view.links)?.name],
    [hostName(view.nodes), network?.parent],
    ...(peer === 'sibling' ? [] : lan.map((device) => [gateway, device] as const)),
    ...(peer === 'internet' ? uplinks.map(({ name }) => [gateway, name] as const) : []),
    [far, linkHolding(view.links[far], farAddress(flow))?.name],
  ];
  return places.flatMap(([node, device]) => {
    const link = view.links[node]?.find(({ name }) => name === device);
    return link ? [{ node, device: link.name, mtu: link.mtu }] : [];
  });
}

function isUplink({ name, kind, addresses }: Link): boolean {
  return name !== 'lo' && kind !== 'vlan' && addresses.length > 0;
}

/** To what the widest of its segment carries; a container's link follows the parent's. */
function widen({ nodes, links }: View<Needs, Uses>, { node, device, mtu }: OnTheWay): readonly Command[] {
  const parents = nodes.filter(({ kind }) => kind !== 'container' && kind !== 'internet' && kind !== 'switch');
  if (!parents.some(({ name }) => name === node)) return [];
  const known = parents.flatMap(({ name, addresses }) =>
    (links[name] ?? []).filter((link) =>
      link.addresses.some((own) => addresses.some((one) => sameAddress(bare(own), one))),
    ),
  );
  const widest = Math.max(...known.map((link) => link.mtu));
  const onLan = known.includes(links[node]?.find(({ name }) => name === device) as Link);
  return onLan && widest > mtu
    ? [on(node, sh`ip link set dev ${device} mtu ${widest}`, sh`ip link set dev ${device} mtu ${mtu}`)]
    : [];
}
