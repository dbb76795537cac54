import { familyOf } from '../../ip.js';
import { lookup } from '../../path/fib.js';
import { placeholder, sh } from '../../shell.js';
import { advice, defineCause, found, on } from '../cause.js';
import {
  complaint,
  crossesParent,
  failing,
  fibOf,
  hostName,
  idsOf,
  isLayer3,
  linkState,
  nodeOfKind,
  telling,
} from '../reading.js';

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
    // IPv6 has its own ways to lose it, and its own cause.
    const stranded = (destination: string) => {
      if (familyOf(destination) !== 4) return false;
      const hop = lookup(fib, { destination });
      return hop.kind === 'none' || (hop.kind === 'blocked' && 'destination' in hop.by);
    };
    const lost = failing(view.flows).filter(
      (flow) =>
        crossesParent(flow) &&
        isLayer3(flow.network) &&
        flow.outbound &&
        stranded(flow.to.address) &&
        // A parent that is down took its routes along: then that is the cause, and its remedy brings them back.
        linkState(view.links[host], flow.network?.parent) !== 'down',
    );
    const flow = telling(lost);
    if (!flow) return undefined;
    // The host's own packets, and its answers to its containers, have no route either.
    const own = failing(view.flows).filter((one) =>
      one.peer === 'host'
        ? stranded(one.containerAddress ?? '')
        : one.from.node?.name === host && stranded(one.to.address),
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
