import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on, type Observed, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { distinctObservations } from '../../observation.js';
import { containerSubnets, dropForwarded, filterScopes, isUnseenRouter, selectors } from '../../hypotheses/router.js';
import { ROUTER_UPLINK } from '../../../network/assumed-router.js';
import { acceptBlocked, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { trafficOf } from '../../remedies/traffic.js';
import { blockingRules, isCertain, predictedBlockingRules, rulesSeen } from '../../symptoms/blocking-rules.js';
import {
  blockedAtGateway,
  filterOfGateway,
  GATEWAY_HOOKS,
  leavesHostOnly,
  predictedAtGateway,
  type GatewayFilter,
} from '../../symptoms/gateway-filter.js';
import { capturedUplinks } from '../../symptoms/gateway-nat.js';
import { hiddenAt } from '../../symptoms/hidden-faults.js';
import { lostAtGateway } from '../../symptoms/lost-at-gateway.js';
import { uplinkCapture } from '../../symptoms/router-looks.js';

interface Detail {
  readonly flow: Flow;
  readonly gateway: string;
  readonly gatewayAddress: string | undefined;
  readonly subnets: readonly string[];
  /** What of the failing flows each chain drops. */
  readonly blocked: readonly BlockedPassage[];
}

export const gatewayAclDropsContainerSubnet = defineCause({
  id: 'gateway-acl-drops-container-subnet',
  title: 'A filter on the router drops the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall', 'links', 'routes', 'rules'],
  background: `
    The router forwards packets from its own subnets and drops the rest, because of zones, parental controls or rules
    against unknown private sources. The containers reach the router and the LAN. Their requests to the internet are seen
    leaving the host, and the router never forwards them.`,
  see: ['https://docs.netgate.com/pfsense/en/latest/firewall/fundamentals.html', 'https://wiki.nftables.org/'],

  hypothesis: {
    scopes: (view, around) => (isUnseenRouter(view, around) ? filterScopes(containerSubnets(view), view.flows) : []),
    assume: (around, scope) => dropForwarded(around, `oifname "${ROUTER_UPLINK}" ${selectors(scope)}`),
    unseen: ({ network }) => `whether ${network.names.gateway?.name} filters what the containers send`,
    test: uplinkCapture,
  },

  detect(view) {
    const filter = filterOfGateway(view.network);
    if (!filter) return undefined;
    const lost = failing(view.flows).filter((flow) => crossesParent(flow) && isToInternet(flow));
    const [uplink] = capturedUplinks(view, filter.gateway);
    const seen = uplink === undefined ? fromRules(view, lost, filter) : fromCaptures(view, lost, { ...filter, uplink });
    return seen ?? hidden(view, filter);
  },
  explain: ({ flow, gatewayAddress, subnets }) =>
    `${complaint(flow)}: a filter on the router ${gatewayAddress} drops packets from ${subnets.join(' and ')}.`,
  remedy: ({ gateway, blocked }): readonly Remedy[] => [
    {
      title: 'Allow what the failed checks send, at the head of the chain that drops it',
      use: 'run',
      changes: acceptBlocked(gateway, blocked),
    },
    advice('The same on pfSense / OPNsense', gateway, [
      ...trafficOf(blocked.filter(({ part }) => part === 'request')).map(
        ({ sources, destinations, protocol, port }) =>
          sh`# Firewall > Rules > LAN: pass, protocol ${protocol}, source ${sources}, destination ${destinations.length > 0 ? destinations : 'any'}${port === undefined ? sh`` : sh`, port ${port}`}`,
      ),
    ]),
  ],
});

function isToInternet({ outbound, peer }: Flow): boolean {
  return outbound && peer === 'internet';
}

/** Requests that left the host and did not leave the gateway. */
function fromCaptures(view: Observed, lost: readonly Flow[], filter: GatewayFilter & { readonly uplink: string }) {
  const { gateway, firewall, uplink } = filter;
  const flows = lost.filter((flow) => leavesHostOnly(view, flow, { gateway, uplink }));
  const flow = telling(flows);
  const rules = blockingRules(firewall, { hooks: GATEWAY_HOOKS, words: subnetsOf(flows), attempts: 1 });
  if (!flow || rules.length === 0) return undefined;
  const at = { node: gateway.name, device: uplink };
  const source = flow.containerAddress ?? flow.from.address;
  const places = rules.map(({ by }) => by.place);
  return found<Detail>({
    about: flow,
    detail: { ...detailOf(flow, flows, filter), blocked: blockedAtGateway(view, flows, { ...filter, places }) },
    explains: idsOf(flows),
    confidence: rules.some(isCertain) ? 'certain' : 'likely',
    because: [{ kind: 'not-leaving', at, source, destination: flow.to.address }, ...rulesSeen(gateway.name, rules)],
  });
}

/** Nothing reaches the gateway's filter, whose rules would drop it. */
function hidden(view: Observed, filter: GatewayFilter) {
  const { gateway, firewall } = filter;
  const faults = hiddenAt(view, 'gateway-forward').filter(({ flow, endsHere }) => !endsHere && isToInternet(flow));
  const flows = faults.map(({ flow }) => flow);
  const flow = telling(flows);
  if (!flow) return undefined;
  const rules = predictedBlockingRules(firewall, { hooks: GATEWAY_HOOKS, reasons: faults.map(({ reason }) => reason) });
  if (rules.length === 0) return undefined;
  const uplink = filter.uplink ?? '';
  const places = rules.map(({ by }) => by.place);
  return found<Detail>({
    about: flow,
    detail: { ...detailOf(flow, flows, filter), blocked: blockedAtGateway(view, flows, { ...filter, uplink, places }) },
    explains: idsOf(flows),
    confidence: 'likely',
    hidden: true,
    because: rulesSeen(gateway.name, rules),
  });
}

/** Nothing was captured on the gateway, but its owner printed its rules: it would translate, if it forwarded. */
function fromRules(view: Observed, lost: readonly Flow[], filter: GatewayFilter) {
  const { gateway } = filter;
  const { open, blocked } = predictedAtGateway(view, lostAtGateway(view, lost), filter);
  const flows = blocked.map((one) => one.flow);
  const flow = telling(flows);
  if (!flow || filter.uplink === undefined) return open.length > 0 ? undecided(open, filter) : undefined;
  const places = blocked.map(({ by }) => by.place);
  return found<Detail>({
    about: flow,
    detail: {
      ...detailOf(flow, flows, filter),
      blocked: blockedAtGateway(view, flows, { ...filter, uplink: filter.uplink, places }),
    },
    explains: idsOf(flows),
    confidence: 'likely',
    because: distinctObservations(
      blocked.map(({ by }) => ({ kind: 'filter-drops', node: gateway.name, by, predicted: true })),
    ),
  });
}

/** Its rules translate the flows, and none of those that could be read drops them for certain. */
function undecided(open: readonly Flow[], { gateway, uplink }: GatewayFilter) {
  return cannotTell({
    missing: `whether ${gateway.name} forwards them: its rules translate them, and no rule that could be read certainly drops them`,
    explains: idsOf(open),
    oneOf: ['gateway-acl-drops-container-subnet'],
    test: on(
      gateway.name,
      sh`tcpdump -ni ${uplink ?? 'any'} host ${open[0]?.to.address ?? ''}   # no packets: a filter; requests: look further out`,
    ),
  });
}

function detailOf(flow: Flow, flows: readonly Flow[], { gateway }: GatewayFilter): Omit<Detail, 'blocked'> {
  return { flow, gateway: gateway.name, gatewayAddress: gateway.addresses[0], subnets: subnetsOf(flows) };
}
