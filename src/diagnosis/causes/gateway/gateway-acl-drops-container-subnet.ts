import type { Firewall, NodeFact } from '../../../evidence/facts.js';
import { filtered } from '../../../network/filter.js';
import { sourceNat } from '../../../network/source-nat.js';
import { advice, cannotTell, defineCause, found, on, type Remedy, type View } from '../../cause.js';
import { blockingRules, isProven, predictedBlockingRules, rulesSeen } from '../../symptoms/blocking-rules.js';
import { deciderText } from '../../filter-names.js';
import type { Flow } from '../../flow.js';
import { hiddenAt, HIDDEN_FAULT_USES } from '../../symptoms/hidden-faults.js';
import { acceptBlocked, blockedBothWays, type BlockedPassage } from '../../remedies/allow-traffic.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { outwardOf, swallowedByGateway } from '../../symptoms/lost-at-gateway.js';
import { trafficOf } from '../../remedies/traffic.js';
import { captureAt, sighting } from '../../symptoms/wire.js';
import { sh } from '../../../shell.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall' | 'links' | 'routes' | 'rules';
type Uses = (typeof HIDDEN_FAULT_USES)[number];

const HOOKS = ['forward', 'prerouting'];

interface Detail {
  readonly flow: Flow;
  readonly gateway: NodeFact;
  readonly subnets: readonly string[];
  /** What the failing flows meet there, by chain. */
  readonly refused: readonly BlockedPassage[];
}

export const gatewayAclDropsContainerSubnet = defineCause({
  id: 'gateway-acl-drops-container-subnet',
  title: 'A filter on the gateway drops the container subnet',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-forward',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall', 'links', 'routes', 'rules'],
  uses: HIDDEN_FAULT_USES,
  background: `
    The gateway forwards for the subnets it knows and drops the rest: zones, parental controls and rules against unknown
    private sources do that. The containers reach the gateway and the LAN, their requests for the internet are seen
    leaving the host, and the gateway never passes them on.`,
  see: ['https://docs.netgate.com/pfsense/en/latest/firewall/fundamentals.html', 'https://wiki.nftables.org/'],

  detect: (view) => measured(view) ?? masked(view),
  explain: ({ flow, gateway, subnets }) =>
    `${complaint(flow)}: a filter on the gateway ${gateway.addresses[0]} drops what comes from ${subnets.join(' and ')}.`,
  remedy: ({ gateway, refused }): readonly Remedy[] => {
    const commands = acceptBlocked(gateway.name, refused);
    return [
      {
        title: 'Let through what the failed checks send, at the head of the very chain that drops',
        use: 'run',
        commands,
      },
      advice('The same on pfSense / OPNsense', gateway.name, [
        ...trafficOf(refused.filter(({ part }) => part === 'request')).map(
          ({ sources, destinations, protocol, port }) =>
            sh`# Firewall > Rules > LAN: pass, protocol ${protocol}, source ${sources}, destination ${destinations.length > 0 ? destinations : 'any'}${port === undefined ? sh`` : sh`, port ${port}`}`,
        ),
      ]),
    ];
  },
});

/** Requests left the host and never left the gateway. */
function measured(view: View<Needs>) {
  const gateway = nodeOfKind(view.nodes, 'gateway');
  const firewall = view.firewall[gateway?.name ?? ''];
  const uplink = view.captures.find(
    ({ node, device }) => node === gateway?.name && facesLan(view, node, device) === false,
  );
  if (!gateway || !firewall) return undefined;
  const lost = failing(view.flows).filter((flow) => crossesParent(flow) && flow.outbound && flow.peer === 'internet');
  if (uplink === undefined) return fromRules(view, swallowedByGateway(view, lost), { gateway, firewall });
  if (uplink.control !== 'seen') return undefined;
  const swallowed = lost.filter(
    (flow) =>
      sighting(flow, captureAt(view.captures, hostName(view.nodes))).requests.length > 0 &&
      sighting(flow, uplink).requests.length === 0,
  );
  const flow = telling(swallowed);
  const subnets = subnetsOf(swallowed);
  const rules = blockingRules(firewall, { hooks: HOOKS, words: subnets, attempts: 1 });
  if (!flow || rules.length === 0) return undefined;
  return found<Detail>({
    detail: {
      flow,
      gateway,
      subnets,
      refused: refusedAt(view, swallowed, {
        firewall,
        uplink: uplink.device,
        places: rules.map(({ by }) => by.place),
      }),
    },
    explains: idsOf(swallowed),
    confidence: rules.some(isProven) ? 'certain' : 'likely',
    because: [
      `${gateway.name}: requests of ${flow.containerAddress} left the host and never left ${uplink.device}.`,
      ...rulesSeen(gateway.name, rules),
    ],
  });
}

/** Nothing comes as far as the gateway's filter, whose rules would drop it. */
function masked(view: View<Needs, Uses>) {
  const gateway = nodeOfKind(view.nodes, 'gateway');
  const firewall = view.firewall[gateway?.name ?? ''];
  const stopped = hiddenAt(view, 'gateway-forward').filter(
    ({ flow, endsHere }) => !endsHere && flow.outbound && flow.peer === 'internet',
  );
  const flows = stopped.map(({ flow }) => flow);
  const flow = telling(flows);
  if (!gateway || !firewall || !flow) return undefined;
  const rules = predictedBlockingRules(firewall, { hooks: HOOKS, reasons: stopped.map(({ reason }) => reason) });
  if (rules.length === 0) return undefined;
  const uplink = outwardOf(view, gateway) ?? '';
  return found<Detail>({
    detail: {
      flow,
      gateway,
      subnets: subnetsOf(flows),
      refused: refusedAt(view, flows, { firewall, uplink, places: rules.map(({ by }) => by.place) }),
    },
    explains: idsOf(flows),
    confidence: 'likely',
    masked: true,
    because: rulesSeen(gateway.name, rules),
  });
}

/** Nobody could capture on the gateway, but its owner printed its rules: it would translate, if it let them through. */
function fromRules(
  view: View<Needs>,
  swallowed: readonly Flow[],
  { gateway, firewall }: { readonly gateway: NodeFact; readonly firewall: Firewall },
) {
  const uplink = outwardOf(view, gateway);
  const translated = swallowed.filter(
    ({ from }) =>
      uplink !== undefined && sourceNat(firewall, { source: from.address, device: uplink }).answer === 'yes',
  );
  const inDevice = view.links[gateway.name]?.find(({ name }) => facesLan(view, gateway.name, name))?.name;
  const fates = translated.map((flow) => {
    const packet = { source: flow.from.address, destination: flow.to.address, inDevice, outDevice: uplink };
    return { flow, fate: filtered(firewall, ['prerouting', 'forward'], { ...packet, state: 'new' }) };
  });
  const blocked = fates.flatMap(({ flow, fate }) => (fate.kind === 'blocks' ? [{ flow, fate }] : []));
  const flow = telling(blocked.map((one) => one.flow));
  if (flow && uplink !== undefined) {
    return found<Detail>({
      detail: {
        ...{ flow, gateway, subnets: subnetsOf(blocked.map((one) => one.flow)) },
        refused: refusedAt(
          view,
          blocked.map((one) => one.flow),
          { firewall, uplink, places: blocked.map(({ fate }) => fate.by.place) },
        ),
      },
      explains: idsOf(blocked.map((one) => one.flow)),
      confidence: 'likely',
      because: [...new Set(blocked.map(({ fate }) => `${gateway.name}: ${deciderText(fate.by)} would drop them.`))],
    });
  }
  const [open] = translated;
  if (!open) return undefined;
  return cannotTell({
    missing: `whether ${gateway.name} passes them on: its rules translate them, and none of those that could be read drops them for sure`,
    explains: idsOf(translated),
    oneOf: ['gateway-acl-drops-container-subnet'],
    test: on(
      'gateway',
      sh`tcpdump -ni ${uplink ?? 'any'} host ${open.to.address}   # silence: a filter; requests: look further out`,
    ),
  });
}

/** What has to pass, there by the uplink only, and back. */
function refusedAt(
  view: View<Needs>,
  flows: readonly Flow[],
  { firewall, uplink, places }: Pick<Parameters<typeof blockedBothWays>[1], 'firewall' | 'places'> & { uplink: string },
): readonly BlockedPassage[] {
  const gateway = nodeOfKind(view.nodes, 'gateway')?.name ?? '';
  const inDevice = view.links[gateway]?.find(({ name }) => facesLan(view, gateway, name))?.name;
  const crossed = { firewall, hooks: HOOKS, places, inDevice, outDevice: uplink };
  return flows
    .flatMap((flow) => blockedBothWays(flow, crossed))
    .map((one) => ({ ...one, ...(one.part === 'request' ? { outDevice: uplink } : { inDevice: uplink }) }));
}

/** `undefined` where the node's links were not seen. */
function facesLan({ links, nodes }: View<Needs>, node: string, device: string): boolean | undefined {
  const own = nodes.find(({ name }) => name === node)?.addresses ?? [];
  const link = links[node]?.find(({ name }) => name === device);
  if (links[node] === undefined) return undefined;
  return link?.addresses.some((address) => own.includes(address.split('/')[0] ?? '')) ?? false;
}
