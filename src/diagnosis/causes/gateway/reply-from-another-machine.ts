import { familyOf } from '../../../ip.js';
import { decidingRule, sameDecider, type Decider } from '../../../network/packet-filter.js';
import type { Hop } from '../../../path/hop.js';
import { overText } from '../../../scenario/plan.js';
import { defineCause, found, type Observed, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import { acceptAtHead } from '../../remedies/allow-traffic.js';
import { distinctChanges } from '../../remedies/change.js';
import { exemptOnRouter } from '../../remedies/exempt-from-redirect.js';
import { serviceOf, type Traffic } from '../../remedies/traffic.js';
import { repliedByOther, replySeen } from '../../symptoms/replied-by-other.js';

/** A flow whose request a node's rule sends elsewhere. */
interface Redirected {
  readonly flow: Flow;
  readonly node: string;
  readonly hop: Hop;
  readonly by: Decider;
  readonly to: string | undefined;
  /** Packets the rule took while the probes ran: the first of each connection. `undefined` when nothing counts them. */
  readonly packets: number | undefined;
}

interface Detail {
  readonly flow: Flow;
  readonly redirected: readonly Redirected[];
  /** `the router 192.168.0.1`; absent where no rule was seen. */
  readonly redirects: string | undefined;
  readonly to: string | undefined;
  /** What has to be exempt from the redirect. */
  readonly services: readonly Traffic[];
  /** The node whose rule it is, else the router. */
  readonly router: string;
}

export const replyFromAnotherMachine = defineCause({
  id: 'reply-from-another-machine',
  title: 'Another machine replies in place of the target',
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'captures', 'links'],
  background: `
    Routers and firewalls can redirect a port to themselves or to another server, most often DNS (DNAT, "force DNS", parental
    controls). They do so for every destination, also for a resolver that runs in a container. The client gets a reply and the target
    looks reachable, but the target never receives the request. It shows at the target alone, whose own interface sees nothing. A
    redirect of requests to the internet cannot be seen in this way, because the server there cannot be looked at.`,
  see: [
    'https://openwrt.org/docs/guide-user/firewall/fw3_configurations/intercept_dns',
    'https://docs.netgate.com/pfsense/en/latest/recipes/dns-redirect.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT)',
  ],

  detect(view) {
    const flows = repliedByOther(view);
    const flow = telling(flows);
    if (!flow) return undefined;
    const redirected = flows.flatMap((one) => redirectedBy(view, one) ?? []);
    const all = flows.every((one) => redirected.some((other) => other.flow === one));
    const first = redirected.find((one) => one.flow === flow) ?? redirected[0];
    const about = first?.flow ?? flow;
    return found<Detail>({
      about,
      detail: {
        flow: about,
        redirected,
        redirects: first && nameOf(view, first.node),
        to: first?.to,
        services: flows.map(serviceAt),
        router: first?.node ?? view.network.names.gateway?.name ?? 'gateway',
      },
      explains: idsOf(flows),
      confidence: all ? 'certain' : 'likely',
      ...(first ? { hop: first.hop } : {}),
      because: distinctObservations([...replySeen(view, about), ...redirected.map(ruleSeen)]),
    });
  },
  explain: ({ flow, redirects, to }) =>
    redirects === undefined
      ? `${complaint(flow)} over ${overText(flow.probe.over)}: a reply comes, but from another machine, and ${flow.to.label} receives no request.`
      : `${complaint(flow)} over ${overText(flow.probe.over)}: ${redirects} redirects the request${to === undefined ? '' : ` to ${to}`}, and another machine replies in place of ${flow.to.label}.`,
  remedy: ({ redirected, services, router }): readonly Remedy[] => [
    ...(redirected.length > 0
      ? [
          {
            title: 'Exempt the target from the redirect, at the head of the chain that redirects',
            use: 'run' as const,
            changes: distinctChanges(
              redirected.flatMap(({ flow, node, by }) => acceptAtHead(by.place, node, [serviceAt(flow)])),
            ),
          },
        ]
      : []),
    ...exemptOnRouter(router, services, redirected.length > 0),
  ],
});

/** The rule that redirects a flow, where the path meets one. One that counts, and counted nothing, did not do it. */
function redirectedBy({ paths, network }: Observed, flow: Flow): Redirected | undefined {
  for (const { node, hop, predicted } of paths.ofAny(flow.probe).forward) {
    if (predicted.verdict !== 'blocks' || predicted.reason.kind !== 'redirected') continue;
    const { by, to } = predicted.reason;
    const rule = network.firewall(node)?.rules.find((one) => sameDecider(decidingRule(one), by));
    return rule?.packets === 0 ? undefined : { flow, node, hop, by, to, packets: rule?.packets };
  }
  return undefined;
}

function ruleSeen({ flow, node, by, to, packets }: Redirected): Observation {
  return { kind: 'redirecting-rule', node, by, destination: flow.to.address, to, packets };
}

function nameOf({ network: { names } }: Observed, name: string): string {
  const node = names.node(name);
  if (node?.kind === 'gateway') return `the router ${node.addresses[0] ?? name}`;
  return node?.kind === 'host' ? 'the Docker host' : name;
}

/** Requests of any client to the service that was asked for. */
function serviceAt(flow: Flow): Traffic {
  const { address } = flow.to;
  return { family: familyOf(address) ?? 4, sources: [], destinations: [address], ...serviceOf(flow), part: 'request' };
}
