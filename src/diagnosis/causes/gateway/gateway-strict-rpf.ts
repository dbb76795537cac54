import type { NodeFact } from '../../../evidence/facts.js';
import { routeText } from '../../../path/predict/hops.js';
import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { platformOf } from '../../symptoms/platform.js';
import { complaint, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { nodeOfKind } from '../../reading.js';
import { refusedByReversePath, type RefusedByReversePath } from '../../symptoms/refused-by-reverse-path.js';
import { leadHome, onOtherGateways } from '../../remedies/static-route.js';
import {
  gatewayAddressFor,
  homecomings,
  hostAddressFor,
  unanswered,
  WAY_BACK_NEEDS,
  type WayBackNeeds,
} from '../../symptoms/way-back.js';

interface Detail {
  readonly flow: Flow;
  readonly gateway: NodeFact;
  readonly refused: readonly RefusedByReversePath[];
  readonly nodes: readonly NodeFact[];
}

export const gatewayStrictRpf = defineCause({
  id: 'gateway-strict-rpf',
  title: "The gateway's strict reverse path filter drops the container subnet",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: WAY_BACK_NEEDS,
  uses: ['sysctls', 'counters', 'platform'],
  background: `
    A gateway that filters reverse paths strictly (rp_filter=1, uRPF strict) looks up its own way back to the sender of every
    packet, and drops what comes in by another interface. Without a static route to the container subnet that way is the
    default route, out to the internet, so that whatever containers send is dropped as it comes in. From the Docker host it
    looks just like a gateway that merely lacks the route; but here nothing of them ever leaves the uplink, and the gateway
    counts it (IPReversePathFilter). The static route cures both. Where another way back is meant, loose filtering does.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://datatracker.ietf.org/doc/html/rfc3704'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    if (!gateway) return undefined;
    const home = homecomings(view);
    if (!home) return platformOf(view)?.kind === 'cloud' ? undefined : fromSymptoms(view, gateway);
    const refused = refusedByReversePath(view, home);
    const subnets = new Map(refused.map((one) => [one.subnet, one]));
    const flow = telling(refused.map((one) => one.flow));
    if (!flow) return undefined;
    const counted = view.counters?.[gateway.name]?.protocol['TcpExtIPReversePathFilter'];
    return found<Detail>({
      detail: { flow, gateway, refused: [...subnets.values()], nodes: view.nodes },
      explains: idsOf(home.map((one) => one.flow).filter((one) => subnets.has(subnetOfFlow(one) ?? ''))),
      because: [
        ...[...subnets.values()].map(
          ({ subnet, device, hop }) =>
            `${gateway.name}: rp_filter is strict on ${device}, and its way back to ${subnet} is another: ${routeText(hop)} (sysctl, ip route).`,
        ),
        ...(counted ? [`${gateway.name}: its filter dropped ${counted} packets while the probes ran (nstat).`] : []),
      ],
    });
  },
  explain: ({ flow, gateway, refused: [one] }) =>
    `${complaint(flow)}: the gateway ${gatewayAddressFor(gateway, flow)} filters reverse paths strictly, and its way back to ${one?.subnet} is not by ${one?.device}, where it comes in.`,
  remedy: ({ gateway, refused, nodes }) => {
    const routes = refused.map(({ subnet, hop }) => ({ subnet, hop, via: hostAddressFor(nodes, subnet) }));
    return [
      {
        title: 'Give the gateway a static route for each container subnet, with the Docker host as next hop',
        use: 'run',
        commands: routes.flatMap((route) => leadHome(gateway.name, route)),
      },
      advice(
        'Where the way back is meant to be another, let it filter loosely',
        gateway.name,
        [...new Set(refused.map(({ device }) => device))].flatMap((device) => [
          sh`sysctl -w net.ipv4.conf.all.rp_filter=2 net/ipv4/conf/${device}/rp_filter=2`,
        ]),
      ),
      ...onOtherGateways(routes),
    ];
  },
});

/** Whether the gateway drops what comes in or does not know where to send the answers, only it can tell. */
function fromSymptoms(view: View<WayBackNeeds>, gateway: NodeFact) {
  const seen = unanswered(view, gateway);
  const flow = seen && telling(seen.flows);
  if (!seen || !flow || seen.soughtByGateway.length > 0) return undefined;
  return cannotTell({
    missing: `the routes of ${gateway.name} and whether it filters reverse paths`,
    explains: idsOf(seen.flows),
    oneOf: ['gateway-missing-return-route', 'gateway-strict-rpf'],
    test: on(
      'gateway',
      sh`ip route get ${flow.containerAddress ?? flow.from.address}; sysctl -a -r 'rp_filter$'; nstat -az TcpExtIPReversePathFilter`,
    ),
  });
}
