import { filtered, type Filtered } from '../../../network/filter.js';
import { distinctPlaces } from '../../../network/packet-filter.js';
import { transportOf } from '../../../scenario/plan.js';
import { defineCause, found, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { culprits, wouldDrop, type Culprit } from '../../symptoms/culprits.js';
import { inToolsWords } from '../../remedies/firewall-tools.js';
import type { Flow } from '../../flow.js';
import { acceptAtHead } from '../../remedies/allow-traffic.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { hostName } from '../../reading.js';
import { trafficOf } from '../../remedies/traffic.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'captures' | 'firewall';

const HOOKS = ['prerouting', 'input'];

export const l3sHostInputFirewallDrop = defineCause({
  id: 'l3s-host-input-firewall-drop',
  title: "The host's packet filter drops what comes in for L3S containers, in INPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-input',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'captures', 'firewall'],
  uses: ['traces'],
  background: `
    In L3S mode, and in no other, what comes in for a container crosses the host's PREROUTING and INPUT hooks, as if it were
    for the host. A firewall that denies incoming traffic therefore keeps others from the containers' services, and one that
    knows no connections drops the answers to what they begin as well: request and answer are both on the wire.
    In L2 and L3 the same rules do nothing at all.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks',
  ],

  detect: (view) => measured(view) ?? masked(view),
  explain: ({ flow, subnets }) =>
    `${complaint(flow)}: the Docker host's packet filter drops what comes in for ${subnets.join(' and ')} in its INPUT hook, which L3S packets cross.`,
  remedy: ({ flow, flows, host, parent, blamed }) => {
    // In L3S the host tracks both directions.
    const traffic = trafficOf(
      flows.map((one) => ({ flow: one, part: one.outbound ? 'reply' : 'request', inDevice: parent })),
    );
    return [
      ...inToolsWords(blamed, { node: host, way: 'in', traffic }),
      {
        title: 'Let in what the failed checks send, at the head of the very chain that drops',
        use: 'run',
        commands: distinctPlaces(blamed.map(({ place }: Culprit) => place)).flatMap((place) =>
          acceptAtHead(place, host, traffic),
        ),
      },
      ...(flow.network
        ? [recreateNetwork('Or recreate the network in L3 mode, which passes INPUT by', flow.network, { mode: 'l3' })]
        : []),
    ];
  },
});

/** It came in by the parent, and the container behaves as if nothing had. */
function measured(view: View<Needs, 'traces'>) {
  const host = hostName(view.nodes);
  const firewall = view.firewall[host];
  const swallowed = failing(view.flows).filter((flow) => isSwallowed(view, flow));
  if (!firewall || swallowed.length === 0) return undefined;
  const subnets = subnetsOf(swallowed);
  const parent = swallowed[0]?.network?.parent ?? '';
  const traces = view.traces?.[host];
  const blamed = culprits(firewall, { hooks: HOOKS, words: [parent, ...subnets], attempts: 1, traces });
  const proven = blamed.filter(({ packets }) => (packets ?? 0) > 0);
  const lost = swallowed.filter((flow) => proven.length > 0 || mayBeDropped(view, flow));
  const flow = telling(lost);
  if (!flow || blamed.length === 0) return undefined;
  return found({
    detail: { flow, flows: lost, host, parent, subnets, blamed },
    explains: idsOf(lost),
    confidence: proven.length > 0 ? 'certain' : 'likely',
    because: [...lost.slice(0, 1).map(seenOnWire), ...blamed.map(({ text }) => `${host}: ${text}.`)],
  });
}

/** Nothing comes in at all, and the rules would drop it. */
function masked(view: View<Needs>) {
  const host = hostName(view.nodes);
  const firewall = view.firewall[host];
  const fates = failing(view.flows)
    .filter((flow) => flow.probe.purpose === 'check' && crossesParent(flow) && flow.network?.mode === 'l3s')
    .map((flow) => ({ flow, fate: fateOf(view, flow) }));
  const stopped = fates.flatMap(({ flow, fate }) => (fate?.kind === 'blocks' ? [{ flow, by: fate.by }] : []));
  const flows = stopped.map(({ flow }) => flow);
  const flow = telling(flows);
  if (!firewall || !flow) return undefined;
  const blamed = wouldDrop(firewall, { hooks: HOOKS, reasons: stopped.map(({ by }) => by) });
  if (blamed.length === 0) return undefined;
  return found({
    detail: { flow, flows, host, parent: flow.network?.parent ?? '', subnets: subnetsOf(flows), blamed },
    explains: idsOf(flows),
    confidence: 'likely',
    masked: true,
    because: blamed.map(({ text }) => `${host}: ${text}.`),
  });
}

/** What is meant for the container came in by the parent, and it behaves as if nothing had. */
function isSwallowed({ captures, nodes }: View<Needs>, flow: Flow): boolean {
  if (!crossesParent(flow) || flow.network?.mode !== 'l3s') return false;
  const { requests, replies, reliable } = sighting(flow, captureAt(captures, hostName(nodes)));
  const cameIn = (flow.outbound ? replies : requests).some(({ direction }) => direction === 'in');
  const answered = !flow.outbound && replies.some(({ direction }) => direction === 'out');
  return reliable && cameIn && !answered;
}

/** Whether the rules, as far as they can be read, drop what comes in. */
function mayBeDropped(view: View<Needs>, flow: Flow): boolean {
  const fate = fateOf(view, flow);
  return fate !== undefined && fate.kind !== 'passes';
}

/** What the rules do to what comes in for a flow's container; `undefined` where none were read. */
function fateOf({ firewall, nodes }: View<Needs>, flow: Flow): Filtered | undefined {
  const rules = firewall[hostName(nodes)];
  const far = flow.outbound ? flow.to : flow.from;
  const packet = {
    source: far.address,
    destination: flow.containerAddress,
    inDevice: flow.network?.parent,
    protocol: transportOf(flow.probe.over),
    state: flow.outbound ? ('established' as const) : ('new' as const),
    ...('port' in flow.probe.over && !flow.outbound ? { port: flow.probe.over.port } : {}),
  };
  return rules && filtered(rules, HOOKS, packet);
}

function seenOnWire({ outbound, network, container, to, containerAddress }: Flow): string {
  return outbound
    ? `${network?.parent}: the request to ${to.label} went out and its answer came in; ${container?.name} never got it.`
    : `${network?.parent}: the request for ${containerAddress} came in; ${container?.name} never answered.`;
}
