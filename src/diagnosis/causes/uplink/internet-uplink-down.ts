import type { NodeFact } from '../../../evidence/facts.js';
import { familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, ruledOut, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, failing, idsOf, named, telling } from '../../flow-questions.js';
import { brokenUplink, isBeyond, uplinkFaultText } from '../../symptoms/uplink.js';
import { crossingsOf, sighting } from '../../symptoms/wire.js';
import { ROUTER_UPLINK } from '../../../network/assumed-router.js';
import { isUnseenRouter } from '../../hypotheses/router.js';
import { uplinkCapture } from '../../symptoms/router-looks.js';

export const internetUplinkDown = defineCause({
  id: 'internet-uplink-down',
  title: 'The router itself does not reach the internet',
  layer: 'uplink',
  kind: 'fault',
  hop: 'uplink',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules', 'captures'],
  background: `
    Container and host both reach the router, and neither reaches anything beyond it. The router's uplink is down, or its
    own default route is missing. Docker is not involved, and no change on the host helps.`,
  see: ['https://docs.kernel.org/networking/operstates.html'],

  hypothesis: {
    // A host that goes out by the same router refutes it; one with another way out does not.
    scopes: (view, around) => (isUnseenRouter(view, around) ? [{}] : []),
    assume: (around) =>
      around.withLinks(around.gateway, (link) => (link.name === ROUTER_UPLINK ? { ...link, carrier: false } : link)),
    unseen: ({ network }) => `the uplink of ${network.names.gateway?.name}`,
    test: uplinkCapture,
  },

  detect(view) {
    const { gateway } = view.network.names;
    const outside = view.flows.filter((flow) => isOutside(view.network, flow));
    const lost = failing(outside);
    if (!gateway || lost.length === 0) return undefined;
    const arriving = new Set(outside.filter(({ arrival }) => arrival === 'all').map(({ to }) => to.address));
    const unanswered = lost.filter(({ to }) => !arriving.has(to.address));
    const brokenFor = (target: string) => brokenUplink(view.network, gateway, target);
    const broken = unanswered.flatMap(({ to }) => brokenFor(to.address) ?? [])[0];
    const flows = broken ? unanswered.filter(({ to }) => brokenFor(to.address)) : lost;
    const answers = arriving.size > 0 || lost.some((flow) => crossingsOf(view, flow).some(({ answered }) => answered));
    if (!broken && answers) return ruledOut(`Some targets on the internet reply through ${gateway.name}.`);
    if (!broken && !nothingReplies(view, gateway, lost)) return undefined;
    return found({
      detail: {
        flow: telling(flows.filter(({ container }) => container)) ?? flows[0],
        gateway,
        fault: broken ? uplinkFaultText(broken.fault) : 'nothing beyond it replies',
        changes: broken?.changes ?? [],
      },
      explains: idsOf([...flows, ...namesNotResolved(view)]),
      confidence: broken ? 'certain' : 'likely',
      because: [
        ...(broken ? [{ kind: 'uplink-fault' as const, node: gateway.name, fault: broken.fault }] : []),
        ...[...new Set(flows.map(({ from }) => from.label))].map((from) => ({
          kind: 'nothing-beyond' as const,
          ...{ from, gateway: gateway.name },
        })),
      ],
    });
  },
  explain: ({ flow, gateway, fault }) =>
    `${flow?.container ? named(flow) : flow?.from.label} cannot reach ${flow?.to.label}, and no other node behind the router ${gateway.addresses[0]} can: ${fault}.`,
  remedy: ({ gateway, changes }) => [
    ...(changes.length > 0 ? [{ title: "Restore the router's uplink", use: 'run' as const, changes }] : []),
    advice("Check the router's own connection: modem, provider, lease", gateway.name, [
      sh`ip -br link; ip route show default; ping -c 3 1.1.1.1`,
    ]),
  ],
});

/** To the internet through the gateway, by a container or another node. The host may have another default route. */
function isOutside(network: NetworkState, flow: Flow): boolean {
  const { names, routing } = network;
  if (flow.container) return flow.outbound && flow.peer === 'internet' && crossesParent(flow);
  const outside = flow.to.node ? flow.to.node.kind === 'internet' : isBeyond(network, flow);
  if (!outside || flow.from.node?.kind !== 'host') return outside;
  const hop = routing.lookup(names.hostName, { destination: flow.to.address });
  if (hop?.kind !== 'via' && hop?.kind !== 'on-link') return true;
  return hop.kind === 'via' && names.isGateway(hop.gateway);
}

/**
 * Without a visible fault: the gateway's own requests leave without a reply, or, on a gateway that could not be looked at,
 * both the host's and the containers' do. What was dropped before the wire says nothing about the uplink.
 */
function nothingReplies(view: Observed, { name }: NodeFact, lost: readonly Flow[]): boolean {
  const own = lost.filter(({ from }) => from.node?.name === name);
  if (own.length > 0) return own.every((flow) => leavesUnanswered(view, flow));
  if (view.network.routing.routes(name)) return false;
  const sides = [lost.filter(({ from }) => from.node?.kind === 'host'), lost.filter(({ container }) => container)];
  const gatewayReplies = view.flows.some(({ to, arrival }) => to.node?.name === name && arrival === 'all');
  return gatewayReplies && sides.every((side) => side.some((flow) => leavesUnanswered(view, flow)));
}

/** Seen leaving by one of the sender's own captures, or the host's parent. */
function leavesUnanswered({ network, observed }: Observed, flow: Flow): boolean {
  const { node } = flow.from;
  const places = [node?.name ?? '', network.names.hostName];
  const seen = observed.captures.filter((capture) => places.includes(capture.node)).map((one) => sighting(flow, one));
  if (node?.kind === 'gateway' && !observed.capture(node.name)) return true;
  return (
    seen.some(({ requests, reliable }) => reliable && requests.length > 0) &&
    seen.every(({ replies }) => replies.length === 0)
  );
}

/** The resolver on the LAN asks the internet in turn. */
function namesNotResolved({ flows }: Observed): readonly Flow[] {
  return failing(flows).filter(({ probe, to }) => probe.over.protocol === 'dns' && familyOf(to.address) !== undefined);
}
