import { familyOf } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, ruledOut, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, failing, idsOf, named, telling } from '../../flow-questions.js';
import { fibOf, holds, hostName, nodeOfKind } from '../../reading.js';
import { brokenUplink, isBeyond, type UplinkNeeds } from '../../symptoms/uplink.js';
import { captureAt, crossingsOf, sighting } from '../../symptoms/wire.js';

export const internetUplinkDown = defineCause({
  id: 'internet-uplink-down',
  title: 'The gateway itself has no way to the internet',
  layer: 'uplink',
  kind: 'fault',
  hop: 'uplink',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules', 'captures'],
  background: `
    Container and host both reach the gateway, and neither reaches anything beyond it: the gateway's uplink is down or its
    own default route is gone. Docker has no part in it, and nothing changed on the host will help.`,
  see: ['https://docs.kernel.org/networking/operstates.html'],

  detect(view) {
    const gateway = nodeOfKind(view.nodes, 'gateway');
    const outside = view.flows.filter((flow) => isOutside(view, flow));
    const lost = failing(outside);
    if (!gateway || lost.length === 0) return undefined;
    const arriving = new Set(outside.filter(({ arrival }) => arrival === 'all').map(({ to }) => to.address));
    const silent = lost.filter(({ to }) => !arriving.has(to.address));
    const targets = [...new Set(silent.map(({ to }) => to.address))];
    const broken = targets.flatMap((target) => brokenUplink(view, gateway, target) ?? [])[0];
    const flows = broken ? silent.filter(({ to }) => brokenUplink(view, gateway, to.address)) : lost;
    const answers = arriving.size > 0 || lost.some((flow) => crossingsOf(view, flow).some(({ answered }) => answered));
    if (!broken && answers) return ruledOut(`Some of the internet answers by way of ${gateway.name}.`);
    if (!broken && !nothingAnswers(view, lost)) return undefined;
    return found({
      detail: {
        flow: telling(flows.filter(({ container }) => container)) ?? flows[0],
        gateway,
        fault: broken?.text ?? 'nothing beyond it answers anybody',
        commands: broken?.commands ?? [],
      },
      explains: idsOf([...flows, ...namesNotResolved(view)]),
      confidence: broken ? 'certain' : 'likely',
      because: [
        ...(broken ? [`${gateway.name}: ${broken.text}.`] : []),
        ...[...new Set(flows.map(({ from }) => from.label))].map(
          (label) => `${label}: it reaches nothing beyond ${gateway.name}.`,
        ),
      ],
    });
  },
  explain: ({ flow, gateway, fault }) =>
    `${flow?.container ? named(flow) : flow?.from.label} cannot reach ${flow?.to.label}, and neither can anybody else behind the gateway ${gateway.addresses[0]}: ${fault}.`,
  remedy: ({ gateway, commands }) => [
    ...(commands.length > 0 ? [{ title: "Bring the gateway's uplink back", use: 'run' as const, commands }] : []),
    advice("Look at the gateway's own connection: modem, provider, lease", gateway.name, [
      sh`ip -br link; ip route show default; ping -c 3 1.1.1.1`,
    ]),
  ],
});

/** To the internet by way of the gateway, whoever asks. The host may have another way out. */
function isOutside(view: View<UplinkNeeds>, flow: Flow): boolean {
  if (flow.container) return flow.outbound && flow.peer === 'internet' && crossesParent(flow);
  const outside = flow.to.node ? flow.to.node.kind === 'internet' : isBeyond(view, flow);
  if (!outside || flow.from.node?.kind !== 'host') return outside;
  const fib = fibOf(hostName(view.nodes), view);
  const hop = fib && lookup(fib, { destination: flow.to.address });
  if (hop?.kind !== 'via' && hop?.kind !== 'on-link') return true;
  return hop.kind === 'via' && holds(nodeOfKind(view.nodes, 'gateway'), hop.gateway);
}

/**
 * Without anything visibly wrong: the gateway's own requests go out and nobody answers, or, on a gateway that cannot be
 * looked at, the host's and the containers' both do. What was refused before the wire says nothing about the uplink.
 */
function nothingAnswers(view: View<UplinkNeeds>, lost: readonly Flow[]): boolean {
  const gateway = nodeOfKind(view.nodes, 'gateway')?.name ?? '';
  const own = lost.filter(({ from }) => from.node?.name === gateway);
  if (own.length > 0) return own.every((flow) => leavesUnanswered(view, flow));
  if (view.routes[gateway]) return false;
  const sides = [lost.filter(({ from }) => from.node?.kind === 'host'), lost.filter(({ container }) => container)];
  const gatewayAnswers = view.flows.some(({ to, arrival }) => to.node?.name === gateway && arrival === 'all');
  return gatewayAnswers && sides.every((side) => side.some((flow) => leavesUnanswered(view, flow)));
}

/** Seen leaving by one of the sender's own captures, or the host's parent. */
function leavesUnanswered({ captures, nodes }: View<UplinkNeeds>, flow: Flow): boolean {
  const places = [flow.from.node?.name ?? '', hostName(nodes)];
  const seen = captures.filter(({ node }) => places.includes(node)).map((capture) => sighting(flow, capture));
  if (flow.from.node?.kind === 'gateway' && !captureAt(captures, flow.from.node.name)) return true;
  return (
    seen.some(({ requests, reliable }) => reliable && requests.length > 0) &&
    seen.every(({ replies }) => replies.length === 0)
  );
}

/** The resolver of the LAN asks the internet in its turn. */
function namesNotResolved({ flows }: View<UplinkNeeds>): readonly Flow[] {
  return failing(flows).filter(({ probe, to }) => probe.over.protocol === 'dns' && familyOf(to.address) !== undefined);
}
