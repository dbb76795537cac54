import type { NodeFact } from '../../../evidence/facts.js';
import { filtered } from '../../../network/filter.js';
import type { TrackedState } from '../../../network/rule-match.js';
import type { Decider } from '../../../network/packet-filter.js';
import { advice, defineCause, found, on, type View } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import type { Flow } from '../../flow.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetsOf, telling } from '../../flow-questions.js';
import { nodeOfKind } from '../../reading.js';
import { linksOfSegment } from '../../../network/segments.js';
import { asked } from '../../remedies/traffic.js';
import { gatewayAddressFor, hostAddressFor } from '../../symptoms/way-back.js';
import { sighting } from '../../symptoms/wire.js';
import { sh } from '../../../shell.js';

type Needs = 'nodes' | 'networks' | 'links' | 'captures' | 'firewall';

/** A flow whose answers the gateway takes for none of a connection it knows. */
interface Orphaned {
  readonly flow: Flow;
  readonly by: Decider;
  /** The gateway's link on the LAN, by which they come in and should go out. */
  readonly device: string;
}

export const statefulGatewayAsymmetricPath = defineCause({
  id: 'stateful-gateway-asymmetric-path',
  title: 'The gateway sees one direction only of what containers and LAN say to each other, and drops it',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures', 'firewall'],
  background: `
    An L3 container's packets to a machine on the LAN go straight there, for the host has the LAN on-link. The answers take
    the static route by way of the gateway. A stateful gateway sees answers to questions it never saw and drops them as
    invalid, so that containers do not reach the LAN, while machines on the LAN can ping the containers, and gateway and
    internet, where both directions pass the gateway, work. TCP breaks in both directions, for a connection needs three packets.`,
  see: [
    'https://docs.netgate.com/pfsense/en/latest/troubleshooting/asymmetric-routing.html',
    'https://docs.opnsense.org/manual/firewall_settings.html',
  ],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    if (!gateway) return undefined;
    const near = failing(view.flows).filter(
      (flow) => crossesParent(flow) && !isOnLink(flow) && (flow.peer === 'lan' || flow.peer === 'host'),
    );
    const orphaned = near.flatMap((flow) => orphanedAt(view, gateway, flow) ?? []);
    const flow = telling(orphaned.map((one) => one.flow));
    const first = orphaned.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    return found({
      detail: { flow, gateway, first, orphaned, view },
      explains: idsOf(orphaned.map((one) => one.flow)),
      because: [
        `${gateway.name}: ${flow.outbound ? `answers of ${flow.to.label}` : `packets of ${flow.from.label}`} come in by ${first.device} and do not go out again.`,
        `${gateway.name}: ${deciderText(first.by)} drops what belongs to no connection it knows.`,
      ],
    });
  },
  explain: ({ flow, gateway }) =>
    `${complaint(flow)}: requests go straight to the LAN and answers by way of the gateway ${gatewayAddressFor(gateway, flow)}, which has not seen the requests and drops them.`,
  remedy: ({ gateway, orphaned, view }) => {
    const subnets = subnetsOf(orphaned.map((one) => one.flow));
    return [
      {
        title: 'Let pass, whatever its state, what the failed checks send from the LAN to the containers',
        use: 'run',
        commands: acceptBlocked(gateway.name, orphaned.map(passage)),
      },
      {
        title:
          'Or spare the answers the detour: the same route on the machines of the LAN, by hand or by DHCP (option 121)',
        use: 'advice',
        commands: subnets.map((subnet) =>
          on(
            'lan',
            sh`ip route add ${subnet} via ${hostAddressFor(view.nodes, subnet)}`,
            sh`ip route del ${subnet} via ${hostAddressFor(view.nodes, subnet)}`,
          ),
        ),
      },
      advice('The same on pfSense / OPNsense', gateway.name, [
        sh`# System > Advanced > Firewall & NAT: bypass firewall rules for traffic on the same interface`,
      ]),
    ];
  },
});

/** What goes from the LAN to the container: answers of which the gateway never saw the question, or what follows a first packet. */
function passage({ flow, by, device }: Orphaned): BlockedPassage {
  return { flow, part: flow.outbound ? 'untracked-reply' : 'request', at: by.place, inDevice: device };
}

/** What comes back by the gateway is seen to come in there, not to go out, and its filter drops just what it knows no beginning of. */
function orphanedAt(view: View<Needs>, gateway: NodeFact, flow: Flow): Orphaned | undefined {
  const firewall = view.firewall[gateway.name];
  const [device] = linksOfSegment(view.network, gateway.name, flow.network);
  if (!firewall || device === undefined || flow.containerAddress === undefined || !staysThere(view, gateway, flow))
    return undefined;
  const { protocol } = asked(flow);
  const crossing = (state: TrackedState) =>
    filtered(firewall, ['prerouting', 'forward'], {
      source: (flow.outbound ? flow.to : flow.from).address,
      destination: flow.containerAddress,
      inDevice: device,
      outDevice: device,
      protocol,
      state,
    });
  const orphan = crossing('invalid');
  return orphan.kind === 'blocks' && crossing('new').kind === 'passes' ? { flow, by: orphan.by, device } : undefined;
}

/** Answers, or what follows the first packet of a question, that come in at the gateway and do not all go out. */
function staysThere({ captures }: View<Needs>, gateway: NodeFact, flow: Flow): boolean {
  const packets = captures
    .filter(({ node, control }) => node === gateway.name && control === 'seen')
    .map((capture) => sighting(flow, capture))
    .flatMap(({ requests, replies }) => (flow.outbound ? replies : requests));
  const going = (way: 'in' | 'out') => packets.filter(({ direction }) => direction === way).length;
  return going('in') > going('out');
}
