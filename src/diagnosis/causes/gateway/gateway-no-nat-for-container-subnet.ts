import type { NodeFact } from '../../../evidence/facts.js';
import { sourceNatChain } from '../../../network/source-nat.js';
import { defineCause, found, ruledOut, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { foreignSubnets, isUnseenRouter, perSubnet, selectors, sparedFromNat } from '../../hypotheses/router.js';
import { translateOnGateway, type Untranslated } from '../../remedies/gateway-nat.js';
import {
  capturedUplinks,
  isOutside,
  seenUntranslated,
  subnetsLeaving,
  translationOf,
  uncoveredByRules,
  type GatewayUplink,
} from '../../symptoms/gateway-nat.js';
import { lostAtGateway } from '../../symptoms/lost-at-gateway.js';
import { uplinkCapture } from '../../symptoms/router-looks.js';

export const gatewayNoNatForContainerSubnet = defineCause({
  id: 'gateway-no-nat-for-container-subnet',
  title: 'The router does not NAT the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-nat',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall', 'links', 'routes', 'rules'],
  background: `
    With the static route in place, the LAN and the containers reach each other, and the containers do not reach the
    internet. Many routers translate the source addresses of their own LAN subnet only. They send the containers' private
    addresses to the internet untranslated, and no reply comes back. The host seems to block the traffic. It does not: the
    requests are seen leaving it.`,
  see: [
    'https://docs.netgate.com/pfsense/en/latest/nat/outbound.html',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
  ],

  hypothesis: {
    scopes: (view, around) =>
      isUnseenRouter(view, around) ? perSubnet(foreignSubnets(view)).filter(({ family }) => family === 4) : [],
    assume: (around, scope) => sparedFromNat(around, selectors(scope)),
    unseen: ({ network }) => `whether ${network.names.gateway?.name} translates the container subnets`,
    test: uplinkCapture,
  },

  detect(view) {
    const { names, routing } = view.network;
    const { gateway } = names;
    const lost = failing(view.flows).filter(isOutside);
    if (!gateway || !lost.some(({ container }) => container)) return undefined;
    const [captured] = capturedUplinks(view, gateway);
    const uplink = captured ?? routing.defaultDevice(gateway.name);
    const seen = captured === undefined ? undefined : fromUplink(view, lost, gateway);
    const told = seen ?? (uplink === undefined ? undefined : fromRules(view, lost, { gateway, uplink }));
    if (told) return told;
    return captured === undefined
      ? translatedByRules(view, lost, gateway)
      : ruledOut(`No packet left ${captured} of ${gateway.name} with a container's address.`);
  },
  explain: ({ flow, gateway, subnets }) =>
    `${complaint(flow)}: the router ${gateway.addresses[0]} sends packets from ${subnets.join(' and ')} to the internet without translating the source address.`,
  remedy: translateOnGateway,
});

/** Seen where it matters: the sender's own private address on the gateway's uplink, and no reply. */
function fromUplink(view: Observed, lost: readonly Flow[], gateway: NodeFact) {
  const seen = seenUntranslated(view, lost, gateway);
  const [first] = seen;
  if (!seen.some(({ flow }) => flow.container) || !first) return undefined;
  const flows = seen.map(({ flow }) => flow);
  const { from, to } = telling(flows) ?? first.flow;
  const at = { node: gateway.name, device: first.device };
  return found<Untranslated>({
    detail: detailOf(view, flows, { gateway, uplink: first.device }),
    explains: idsOf(flows),
    because: [{ kind: 'untranslated', at, source: from.address, destination: to.address }],
  });
}

/** Where another fault hides it, or nothing was captured, the rules show it: they translate the host, and not these. */
function fromRules(view: Observed, lost: readonly Flow[], way: GatewayUplink) {
  const uncovered = uncoveredByRules(view, lost, way);
  if (!uncovered) return undefined;
  const { flows, covered } = uncovered;
  const sources = [...new Set(flows.map(({ from }) => from.address))];
  return found<Untranslated>({
    detail: detailOf(view, flows, way),
    explains: idsOf(flows),
    because: [{ kind: 'nat-coverage', node: way.gateway.name, covered, sources }],
  });
}

/** Nothing was captured on the gateway, but its owner printed its rules, which translate what was lost. */
function translatedByRules(view: Observed, lost: readonly Flow[], gateway: NodeFact) {
  const { network } = view;
  const way = { gateway, uplink: network.routing.defaultDevice(gateway.name) ?? '' };
  const atGateway = network.firewall(gateway.name) ? lostAtGateway(view, lost) : [];
  if (atGateway.length === 0 || atGateway.some(({ from }) => translationOf(network, way, from.address) !== 'yes'))
    return undefined;
  return ruledOut(`The source NAT rules of ${gateway.name} translate the container subnets.`);
}

function detailOf({ network }: Observed, flows: readonly Flow[], { gateway, uplink }: GatewayUplink): Untranslated {
  const firewall = network.firewall(gateway.name);
  return {
    flow: telling(flows) as Flow,
    ...{ gateway, uplink, host: network.names.hostName },
    subnets: subnetsLeaving(network, flows),
    chain: firewall && sourceNatChain(firewall),
  };
}
