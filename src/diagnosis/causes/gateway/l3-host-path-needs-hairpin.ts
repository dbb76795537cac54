import type { NodeFact } from '../../../evidence/facts.js';
import { advice, defineCause, found, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { nftMatch } from '../../remedies/changes/filter-match.js';
import { complaint, idsOf, subnetsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { addShim, reserve, shimsFor } from '../../remedies/add-shim.js';
import { reachedBy } from '../../symptoms/shim.js';
import { trafficOf } from '../../remedies/traffic.js';
import { gatewayAddressFor, homecomings, WAY_BACK_NEEDS, type WayBackNeeds } from '../../symptoms/way-back.js';
import { sightingOf } from '../../../path/observe/sighting.js';
import { sh, placeholder } from '../../../shell.js';

export const l3HostPathNeedsHairpin = defineCause({
  id: 'l3-host-path-needs-hairpin',
  title: 'Host and L3 containers talk by way of the gateway, which does not send it back',
  layer: 'gateway',
  kind: 'by-design',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan'],
  needs: [...WAY_BACK_NEEDS, 'links'],
  background: `
    In L3 mode a container's packet to the host is handed over inside the machine, but the host has no route to the
    container: it sends its own packets to the gateway, which must send them back out of the interface they came in by.
    Routers that refuse such a hairpin, or drop what begins in the middle of a connection, keep the host and its own
    containers apart while everything else works. A link of the host's own on the parent spares them the detour.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    const back = gateway && homecomings(view);
    if (!gateway || !back) return undefined;
    // Who gets through to a container by that very turn shows that the gateway makes it.
    const sentBack = new Set(
      view.flows
        .filter(({ arrival, outbound, peer }) => arrival === 'all' && !outbound && peer === 'host')
        .map(({ containerAddress }) => containerAddress),
    );
    // An answer may be lost for other reasons: what the host itself asks has to fail as well, unless the host did not ask.
    const asked = view.flows.filter(({ outbound, peer }) => !outbound && peer === 'host');
    const fails = (address: string | undefined) => {
      const own = asked.filter(({ containerAddress }) => containerAddress === address);
      return own.length === 0 || own.some(({ arrival }) => arrival === 'none');
    };
    const lost = back.flatMap(({ flow, route }) =>
      !sentBack.has(flow.containerAddress) &&
      fails(flow.containerAddress) &&
      route.kind === 'right' &&
      flow.peer === 'host' &&
      isLayer3(flow.network) &&
      swallowed(view, gateway, flow)
        ? [flow]
        : [],
    );
    const [flow] = lost;
    if (!flow) return undefined;
    return found({
      about: flow,
      detail: { flow, lost, gateway, shims: shimsFor(reachedBy(lost), view.network) },
      explains: idsOf(lost),
      because: [
        `${hostName(view.nodes)}: its route to ${subnetsOf(lost).join(' and ')} leads to ${gatewayAddressFor(gateway, flow)}.`,
        `${gateway.name}: the packets come in from the host, and do not go out again.`,
      ],
    });
  },
  explain: ({ flow, gateway }) =>
    `${complaint(flow)}: what the host sends to its L3 containers makes a detour over the gateway ${gatewayAddressFor(gateway, flow)}, which does not send it back.`,
  remedy: ({ lost, gateway, shims }) => [
    {
      title:
        'Give the host a link of its own on the parent, and route the containers by it. It does not outlive a restart',
      use: 'run',
      commands: shims.flatMap(addShim),
    },
    ...shims.map(reserve),
    // The gateway sees one direction only: what the host sends.
    advice(
      'Or let the gateway send back by the same interface what the failed checks send',
      gateway.name,
      trafficOf(lost.map((flow) => ({ flow, part: flow.outbound ? 'untracked-reply' : 'request' }))).map(
        (traffic) =>
          sh`nft insert rule inet filter forward iifname ${placeholder('LAN')} oifname ${placeholder('LAN')} ${nftMatch(traffic)} accept`,
      ),
    ),
  ],
});

/** Seen coming in at the gateway from the host, and never leaving it. */
function swallowed({ captures }: View<WayBackNeeds>, gateway: NodeFact, { probe, outbound, from, to }: Flow): boolean {
  const seen = captures
    .filter(({ node }) => node === gateway.name)
    .map((capture) => sightingOf({ tag: probe.tag, from: from.address, to: to.address }, capture))
    // The host's packets are the requests of its own flows, and the answers to the container's.
    .flatMap(({ requests, replies }) => (outbound ? replies : requests));
  return seen.some(({ direction }) => direction === 'in') && !seen.some(({ direction }) => direction === 'out');
}
