import type { NodeFact } from '../../../evidence/facts.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { dropForwarded, isUnseenRouter } from '../../hypotheses/router.js';
import { uplinkCapture } from '../../symptoms/router-looks.js';
import { addShim, reserve, shimsFor } from '../../remedies/add-shim.js';
import { trafficOf } from '../../remedies/traffic.js';
import { nftMatch } from '../../remedies/changes/filter-match.js';
import { gatewayAddressFor, RETURN_ROUTE_NEEDS, returningFlows } from '../../symptoms/return-routes.js';
import { reachedBy } from '../../symptoms/shim.js';
import { sighting } from '../../symptoms/wire.js';

export const l3HostPathNeedsHairpin = defineCause({
  id: 'l3-host-path-needs-hairpin',
  title: 'Host and L3 containers talk through the router, which does not send the packets back',
  layer: 'gateway',
  kind: 'by-design',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan'],
  needs: [...RETURN_ROUTE_NEEDS, 'links'],
  background: `
    In L3 mode the kernel hands a container's packet for the host over inside the machine. The host has no route to the
    container, so it sends its own packets to the router. The router must send them out of the interface they came in on.
    Some routers do not forward such a hairpin, or drop packets of a connection whose start they did not see. Host and
    containers then cannot talk, while everything else works. With its own link on the parent, the host reaches the
    containers directly.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  hypothesis: {
    scopes: (view, around) =>
      isUnseenRouter(view, around) ? view.network.names.parents.map((parent) => ({ parent })) : [],
    assume: (around, { parent = '' }) => dropForwarded(around, `iifname "lan-${parent}" oifname "lan-${parent}"`),
    unseen: ({ network }) =>
      `whether ${network.names.gateway?.name} sends packets back through the interface they came in by`,
    test: uplinkCapture,
  },

  detect(view) {
    const { names } = view.network;
    const { gateway } = names;
    const lost = gateway ? lostAtHairpin(view, gateway) : [];
    const [flow] = lost;
    if (!gateway || !flow) return undefined;
    const [via, destination] = [gatewayAddressFor(view.network, flow), flow.containerAddress ?? ''];
    return found({
      about: flow,
      detail: {
        ...{ flow, lost, gateway: gateway.name, gatewayAddress: via },
        shims: shimsFor(reachedBy(lost), view.network),
      },
      explains: idsOf(lost),
      because: [
        { kind: 'route', node: names.hostName, destination, via },
        { kind: 'not-sent-on', node: gateway.name, source: names.hostName, destination },
      ],
    });
  },
  explain: ({ flow, gatewayAddress }) =>
    `${complaint(flow)}: the host sends packets for its L3 containers via the router ${gatewayAddress}, which does not send them back.`,
  remedy: ({ lost, gateway, shims }) => [
    {
      title:
        'Give the host its own link on the parent, and route the containers through it. It does not survive a reboot',
      use: 'run',
      changes: shims.flatMap(addShim),
    },
    ...shims.map(reserve),
    // The gateway sees one direction only: what the host sends.
    advice(
      'Let the router send back through the same interface what the failed checks send',
      gateway,
      trafficOf(lost.map((flow) => ({ flow, part: flow.outbound ? 'untracked-reply' : 'request' }))).map(
        (traffic) =>
          sh`nft insert rule inet filter forward iifname ${placeholder('LAN')} oifname ${placeholder('LAN')} ${nftMatch(traffic)} accept`,
      ),
    ),
  ],
});

/** Flows between host and L3 containers that reach a gateway with the right route, and never leave it. */
function lostAtHairpin(view: Observed, gateway: NodeFact): readonly Flow[] {
  const fromHost = view.flows.filter(({ outbound, peer }) => !outbound && peer === 'host');
  // A host flow that reaches a container through that hairpin shows that the gateway makes it.
  const sentBack = new Set(
    fromHost.filter(({ arrival }) => arrival === 'all').map(({ containerAddress }) => containerAddress),
  );
  // A reply may be lost for other reasons: a flow from the host itself must fail as well, unless there is none.
  const fails = (address: string | undefined) => {
    const own = fromHost.filter(({ containerAddress }) => containerAddress === address);
    return own.length === 0 || own.some(({ arrival }) => arrival === 'none');
  };
  return (returningFlows(view) ?? []).flatMap(({ flow, route }) =>
    !sentBack.has(flow.containerAddress) &&
    fails(flow.containerAddress) &&
    route.kind === 'right' &&
    flow.peer === 'host' &&
    isLayer3(flow.network) &&
    entersOnly(view, gateway, flow)
      ? [flow]
      : [],
  );
}

/** Whether the host's packets were seen to come in at the gateway, and never to leave it. */
function entersOnly({ observed }: Observed, gateway: NodeFact, flow: Flow): boolean {
  const seen = observed.captures
    .filter(({ node }) => node === gateway.name)
    .map((capture) => sighting(flow, capture))
    // The host's packets are the requests of its own flows, and the replies to the container's.
    .flatMap(({ requests, replies }) => (flow.outbound ? replies : requests));
  return seen.some(({ direction }) => direction === 'in') && !seen.some(({ direction }) => direction === 'out');
}
