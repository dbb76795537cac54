import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { distinctObservations } from '../../observation.js';
import { distinctChanges, type Change } from '../../remedies/change.js';
import { missedRoute, missedRouteSeen, type MissedRoute } from '../../symptoms/missed-route.js';

export const routeKnownToPeersOnly = defineCause({
  id: 'route-known-to-peers-only',
  title: 'Machines on the LAN have a route that the container does not have',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    A LAN may have a second router, for a VPN, a Thread network or another building. Its machines learn the way there by DHCP
    (option 121) or by router advertisement. Docker asks neither: a container in L2 mode or on macvlan has one default route, so
    it sends to the usual router, which does not know the subnet and sends the packets towards the internet. The host reaches the
    subnet, and the container reaches everything else.`,
  see: ['https://www.rfc-editor.org/rfc/rfc3442', 'https://www.rfc-editor.org/rfc/rfc4191'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const missed = failing(view.flows).flatMap((flow) => missedRoute(view, flow) ?? []);
    const flow = telling(missed.map((one) => one.flow));
    const first = missed.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    return found({
      about: flow,
      detail: { first, missed },
      explains: idsOf(missed.map((one) => one.flow)),
      confidence: missed.every(({ reached }) => reached !== undefined) ? 'certain' : 'likely',
      because: distinctObservations(missed.flatMap(missedRouteSeen)),
    });
  },
  explain: ({ first: { flow, node, route, via, usual } }) =>
    `${complaint(flow)}: ${node} has a route to ${route.destination} via ${via}${learnedText(route)}; the container does not have it and sends to ${usual}.`,
  remedy: ({ first, missed }) => [
    {
      title: 'Add the route in the container, until it is recreated',
      use: 'run',
      changes: distinctChanges(missed.map(inContainer)),
    },
    advice('To fix it permanently, add the route on the router that the containers use', first.router, [
      sh`ip route add ${first.route.destination} via ${first.via}`,
    ]),
  ],
});

const LEARNED = {
  ra: ', learned from a router advertisement',
  dhcp: ', learned by DHCP',
  redirect: ', learned from a redirect',
} as const;

function learnedText({ learned }: MissedRoute['route']): string {
  return learned === undefined ? '' : LEARNED[learned];
}

function inContainer({ container, route, via, device }: MissedRoute): Change {
  const { destination, family } = route;
  return { kind: 'route', on: container, do: 'replace', route: { destination, family, via, device } };
}
