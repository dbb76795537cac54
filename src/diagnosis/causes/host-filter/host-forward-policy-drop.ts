import type { Firewall, NetworkFact } from '../../../evidence/facts.js';
import { lookup } from '../../../network/fib.js';
import { filtered } from '../../../network/filter.js';
import { rulesAtHooks } from '../../../network/packet-filter.js';
import { placeText } from '../../filter-names.js';
import { defineCause, exonerated, found, type View } from '../../cause.js';
import { culprits } from '../../symptoms/culprits.js';
import type { Flow } from '../../flow.js';
import { acceptBlocked, blockedBothWays } from '../../remedies/allow-traffic.js';
import { complaint, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { fibOf, hostName } from '../../reading.js';
import { packetOf } from '../../remedies/traffic.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'firewall';
type Uses = 'captures' | 'sysctls' | 'traces' | 'routes' | 'rules';

export const hostForwardPolicyDrop = defineCause({
  id: 'host-forward-policy-drop',
  title: "The host's FORWARD hook drops",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-forward',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'firewall'],
  uses: ['captures', 'sysctls', 'traces', 'routes', 'rules'],
  background: `
    Docker sets the policy of the host's FORWARD chain to drop, lets its bridge networks through by rules of its own, and much
    advice blames it. For a bridge network a drop there is fatal indeed. Packets of IPvlan and macvlan
    containers never cross FORWARD, in any mode: in L2 and macvlan they bypass the host's IP layer, in L3 and L3S they leave
    by OUTPUT. Measured with FORWARD dropping everything: everything works. Only where a rule on the host rewrites their
    source address do the answers end up there, and then the rewriting is to blame.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  ],

  detect(view) {
    const host = hostName(view.nodes);
    const firewall = view.firewall[host];
    if (!firewall) return undefined;
    const lost = failing(view.flows).filter((flow) => crossesForward(view, flow) && mayBeDropped(view, firewall, flow));
    const flow = telling(lost);
    if (!flow) return exonerate(view.networks, firewall);
    const subnets = subnetsOf(lost);
    const words = [flow.network?.parent ?? '', ...subnets];
    const blamed = culprits(firewall, { hooks: ['forward'], words, attempts: 1, traces: view.traces?.[host] });
    if (blamed.length === 0) return undefined;
    return found({
      detail: {
        flow,
        host,
        subnets,
        refused: lost.flatMap((one) =>
          blockedBothWays(one, {
            firewall,
            hooks: ['forward'],
            places: blamed.map(({ place }) => place),
            ...linksOf(view, one),
          }),
        ),
      },
      explains: idsOf(lost),
      confidence: blamed.some(({ packets }) => (packets ?? 0) > 0) ? 'certain' : 'likely',
      because: [
        `${host}: ${flow.network?.name} is a bridge network, whose packets the host forwards.`,
        ...blamed.map(({ text }) => `${host}: ${text}.`),
      ],
    });
  },
  explain: ({ flow, subnets }) =>
    `${complaint(flow)}: the Docker host's packet filter drops what it should forward for ${subnets.join(' and ')}, and a bridge network needs it to.`,
  remedy: ({ host, refused }) => [
    {
      title: 'Let through what the failed checks send, and the answers to it, at the head of the very chain that drops',
      use: 'run',
      commands: acceptBlocked(host, refused),
    },
  ],
});

/** A bridge container's packets on their way through the host; to a sibling only where br_netfilter shows them to the hook. */
function crossesForward(view: View<Needs, Uses>, flow: Flow): boolean {
  if (flow.network?.driver !== 'bridge' || !flow.outbound || flow.peer === 'host') return false;
  const sysctls = view.sysctls?.[hostName(view.nodes)];
  if (flow.peer === 'sibling') return sysctls?.['net.bridge.bridge-nf-call-iptables'] === '1';
  // Without forwarding they never get as far as the hook.
  if (sysctls?.['net.ipv4.ip_forward'] === '0') return false;
  return sighting(flow, captureAt(view.captures ?? [], hostName(view.nodes))).requests.length === 0;
}

function mayBeDropped(view: View<Needs, Uses>, firewall: Firewall, flow: Flow): boolean {
  const packet = { ...packetOf(flow, 'request'), ...linksOf(view, flow), state: 'new' as const };
  const outcome = filtered(firewall, ['forward'], packet).kind;
  // A rule that cannot be read counts where the packet was seen to go missing, and its way through the host is known.
  return outcome === 'blocks' || (outcome === 'unknown' && packet.outDevice !== undefined && neverLeft(view, flow));
}

/** Whether the capture on the host, awake, saw nothing of it. */
function neverLeft({ captures = [], nodes }: View<Needs, Uses>, flow: Flow): boolean {
  return sighting(flow, captureAt(captures, hostName(nodes))).reliable;
}

/** The links a flow's request comes in and goes out by, as far as they are known. */
function linksOf(view: View<Needs, Uses>, { from, to, network, peer }: Flow) {
  const inDevice = network?.parent;
  const outDevice =
    peer === 'sibling' ? inDevice : leavesBy(view, { source: from.address, destination: to.address, inDevice });
  return { inDevice, outDevice };
}

/** The link a packet leaves the host by; `undefined` when the host's routes were not seen, or lead nowhere. */
function leavesBy({ routes, rules, nodes }: View<Needs, Uses>, packet: Parameters<typeof lookup>[1]) {
  const fib = routes && rules && fibOf(hostName(nodes), { routes, rules });
  const hop = fib && lookup(fib, packet);
  return hop && 'device' in hop ? hop.device : undefined;
}

function exonerate(networks: readonly NetworkFact[], firewall: Firewall) {
  const direct = networks.filter(({ driver }) => driver !== 'bridge');
  const policy = firewall.chains.find((chain) => chain.hook === 'forward' && chain.policy === 'drop');
  const rule = rulesAtHooks(firewall, ['forward']).find(
    ({ text, verdict }) => verdict === 'drop' && /^(counter )?drop$|^-A \S+ -j DROP$/.test(text),
  );
  const place = policy ?? rule;
  if (!place || direct.length === 0) return undefined;
  const names = direct.map(({ name, driver, mode }) => `${name} (${driver} ${mode})`).join(', ');
  return exonerated(
    `The host drops what it would forward (${placeText(place)}), and packets of ${names} never cross the FORWARD hook.`,
  );
}
