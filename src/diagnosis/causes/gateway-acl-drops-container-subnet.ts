import type { NodeFact } from '../../evidence/facts.js';
import { defineCause, found, advice, type Remedy, type View } from '../cause.js';
import { culprits, type Culprit } from '../culprits.js';
import type { Flow } from '../flow.js';
import { distinctPlaces } from '../../path/packet-filter.js';
import { acceptAtHead } from '../packet-filter.js';
import { complaint, crossesParent, failing, hostName, idsOf, nodeOfKind, subnetsOf, telling } from '../reading.js';
import { captureAt, sighting } from '../wire.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall' | 'links';

interface Detail {
  readonly flow: Flow;
  readonly gateway: NodeFact;
  readonly subnets: readonly string[];
  readonly uplink: string;
  readonly culprits: readonly Culprit[];
}

export const gatewayAclDropsContainerSubnet = defineCause({
  id: 'gateway-acl-drops-container-subnet',
  title: 'A filter on the gateway drops the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall', 'links'],
  background: `
    The gateway forwards for the subnets it knows and drops the rest: zones, parental controls and rules against unknown
    private sources do that. The containers reach the gateway and the LAN, their requests for the internet are seen
    leaving the host, and the gateway never passes them on.`,
  see: ['https://docs.netgate.com/pfsense/en/latest/firewall/fundamentals.html', 'https://wiki.nftables.org/'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    const firewall = view.firewall[gateway?.name ?? ''];
    const uplink = view.captures.find(({ node, device }) => node === gateway?.name && !facesLan(view, node, device));
    if (!gateway || !firewall || uplink?.control !== 'seen') return undefined;
    const lost = failing(view.flows).filter((flow) => crossesParent(flow) && flow.outbound && flow.peer === 'internet');
    const swallowed = lost.filter(
      (flow) =>
        sighting(flow, captureAt(view.captures, hostName(view.nodes))).requests.length > 0 &&
        sighting(flow, uplink).requests.length === 0,
    );
    const flow = telling(swallowed);
    const subnets = subnetsOf(swallowed);
    const guilty = culprits(firewall, { hooks: ['forward', 'prerouting'], words: subnets, attempts: 1 });
    if (!flow || guilty.length === 0) return undefined;
    return found<Detail>({
      detail: { flow, gateway, subnets, uplink: uplink.device, culprits: guilty },
      explains: idsOf(swallowed),
      confidence: guilty.some(({ packets }) => (packets ?? 0) > 0) ? 'certain' : 'likely',
      because: [
        `${gateway.name}: requests of ${flow.containerAddress} left the host and never left ${uplink.device}.`,
        ...guilty.map(({ text }) => `${gateway.name}: ${text}.`),
      ],
    });
  },
  explain: ({ flow, gateway, subnets }) =>
    `${complaint(flow)}: a filter on the gateway ${gateway.addresses[0]} drops what comes from ${subnets.join(' and ')}.`,
  remedy: ({ gateway, culprits: guilty, subnets, uplink }): readonly Remedy[] => {
    const commands = distinctPlaces(guilty.map(({ place }) => place)).flatMap((place) =>
      acceptAtHead(place, { node: gateway.name, subnets, device: uplink }),
    );
    return [
      { title: 'Let the container subnets through, at the head of the very chain that drops', use: 'run', commands },
      advice('The same on pfSense / OPNsense', gateway.name, [
        `# Firewall > Rules > LAN: pass, source ${subnets.join(', ')}, destination any`,
      ]),
    ];
  },
});

function facesLan({ links, nodes }: View<Needs>, node: string, device: string): boolean {
  const own = nodes.find(({ name }) => name === node)?.addresses ?? [];
  const link = links[node]?.find(({ name }) => name === device);
  return link?.addresses.some((address) => own.includes(address.split('/')[0] ?? '')) ?? false;
}
