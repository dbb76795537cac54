import { familyOf } from '../../../ip.js';
import { lookup, type Fib, type Question } from '../../../network/fib.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName, linkState, nodeOfKind } from '../../reading.js';

export const hostDefaultRouteLost = defineCause({
  id: 'host-default-route-lost',
  title: 'The host has no default route',
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    In L3 and L3S mode containers leave by the host's routes. When the parent was set down and up again, or a lease ran
    out, the host's default route is gone: the LAN stays reachable, and neither the host nor its containers reach anything
    beyond. The container's own default route still looks fine. Containers in L2 and on macvlan do not notice.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const host = hostName(view.nodes);
    const fib = fibOf(host, view);
    if (!fib) return undefined;
    const lost = failing(view.flows).filter(
      (flow) =>
        crossesParent(flow) &&
        isLayer3(flow.network) &&
        flow.outbound &&
        // Policy rules may send the container's packets elsewhere, and what IPvlan pins to the parent finds routes by it only.
        isStranded(fib, {
          destination: flow.to.address,
          source: flow.containerAddress,
          outDevice: flow.network?.parent,
        }) &&
        isStranded(fib, { destination: flow.to.address, source: flow.containerAddress }),
    );
    // A parent that is down took its routes along: then that is the cause, and its remedy brings them back.
    const state = ({ network }: Flow) => linkState(view.links[host], network?.parent);
    const flow = telling(lost.filter((one) => state(one) === 'up' || state(one) === 'no-carrier'));
    if (!flow)
      return lost.some((one) => state(one) === undefined)
        ? cannotTell({
            missing: `the links of ${host}: routes go with a parent that is set down`,
            explains: idsOf(lost),
          })
        : undefined;
    // The host's own packets, and its answers to its containers, have no route either.
    const own = failing(view.flows).filter((one) =>
      one.peer === 'host'
        ? isStranded(fib, { destination: one.containerAddress ?? '' })
        : one.from.node?.name === host && isStranded(fib, { destination: one.to.address }),
    );
    const family = familyOf(flow.to.address);
    return found({
      detail: {
        flow,
        host,
        gateway: nodeOfKind(view.nodes, 'gateway')?.addresses.find((address) => familyOf(address) === family),
      },
      explains: idsOf([...lost, ...own]),
      because: [`${host}: no route matches ${flow.to.address} (ip route get ${flow.to.address}).`],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the Docker host itself has no route to ${flow.to.address}, and its L3 containers use the host's routes.`,
  remedy: ({ flow, host, gateway }) => [
    {
      title: 'Give the host its default route back',
      use: gateway === undefined ? 'advice' : 'run',
      commands: [
        on(
          host,
          sh`ip route replace default via ${gateway ?? placeholder('GATEWAY')} dev ${flow.network?.parent ?? ''}`,
          sh`ip route del default via ${gateway ?? placeholder('GATEWAY')} dev ${flow.network?.parent ?? ''}`,
        ),
      ],
    },
    advice('Let a network manager own the interface, so that the route comes back by itself', host, [
      sh`networkctl status || nmcli device status`,
    ]),
  ],
});

/** Whether no route takes a packet, or one that forbids it does. IPv6 has its own ways to lose its routes, and its own cause. */
function isStranded(fib: Fib, question: Question): boolean {
  if (familyOf(question.destination) !== 4) return false;
  const hop = lookup(fib, question);
  return hop.kind === 'none' || (hop.kind === 'blocked' && 'destination' in hop.by);
}
