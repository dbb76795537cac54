import type { Rule } from '../../../evidence/facts.js';
import { contains, sameAddress } from '../../../ip.js';
import { lookup, type Fib } from '../../../network/fib.js';
import { sh } from '../../../shell.js';
import { defineCause, found, on, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, crossesParent, failing, farAddress, idsOf, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName } from '../../reading.js';
import { questFor } from '../../symptoms/wire.js';

export const hostPolicyRouteBlocksContainerSource = defineCause({
  id: 'host-policy-route-blocks-container-source',
  title: "A policy rule of the host forbids the containers' addresses",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  uses: ['captures'],
  background: `
    In L3 and L3S mode the host looks up the route of a container's packet with the container's address as its source, so
    that policy rules count which select by source. Where such a rule, or the table it leads to, says unreachable, IPv4
    does not say so: the kernel takes the destination to be on the LAN and asks for it by ARP. What is on the LAN
    is still reached, and ip route get without the source shows a healthy route.`,
  see: ['https://man7.org/linux/man-pages/man8/ip-rule.8.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const host = hostName(view.nodes);
    const fib = fibOf(host, view);
    if (!fib) return undefined;
    const lost = failing(view.flows).filter(
      (flow) => crossesParent(flow) && isLayer3(flow.network) && flow.peer !== 'host' && isForbidden(fib, flow),
    );
    const flow = telling(lost);
    const blame = flow && blamed(fib, flow);
    if (!flow || !blame) return undefined;
    const blames = lost.flatMap((one) => blamed(fib, one)?.rule ?? []);
    const rules = [...new Set(blames)];
    return found({
      detail: { flow, host, rules, verdict: blame.verdict },
      explains: idsOf(lost),
      because: [
        ...rules.map(
          (rule) => `${host}: ip rule ${rule.priority} says ${ruleWords(rule)}, and forbids ${flow.to.label}.`,
        ),
        ...askedOnWire(view, flow),
      ],
    });
  },
  explain: ({ flow, rules, verdict }) =>
    `${complaint(flow)}: on the Docker host policy rule ${rules[0]?.priority} makes the internet ${verdict} for packets from ${rules[0]?.from}.`,
  remedy: ({ host, rules }) => [
    {
      title: 'Take the rule away, or put one before it that looks in the main table',
      use: 'run',
      commands: rules.map((rule) => amend(host, rule)),
    },
  ],
});

/** With its source a packet finds no way by its parent, and without it would. */
function isForbidden(fib: Fib, flow: Flow): boolean {
  const outDevice = flow.network?.parent ?? '';
  const destination = farAddress(flow);
  const free = lookup(fib, { destination, outDevice });
  return (free.kind === 'via' || free.kind === 'on-link') && blamed(fib, flow) !== undefined;
}

/** The rule that selects a container's address, and what comes of it. */
function blamed(fib: Fib, flow: Flow): { readonly rule: Rule; readonly verdict: string } | undefined {
  const source = flow.containerAddress ?? '';
  const hop = lookup(fib, { destination: farAddress(flow), source, outDevice: flow.network?.parent });
  if (hop.kind !== 'blocked') return undefined;
  const table = 'destination' in hop.by ? hop.by.table : undefined;
  const rule = fib.rules.find(
    (one) =>
      one.from !== undefined &&
      (one.from.includes('/') ? contains(one.from, source) : sameAddress(one.from, source)) &&
      (table === undefined ? one === hop.by : one.table === table),
  );
  return rule && { rule, verdict: hop.type };
}

function ruleWords({ from, action, table }: Rule): string {
  return action === undefined ? `from ${from} lookup ${table}` : `from ${from} ${action}`;
}

/** A rule of one's own table may have more to say than what it forbids here: it stays, and is overtaken. */
function amend(host: string, rule: Rule): Command {
  const ip = ipFor(rule.family);
  if (rule.action !== undefined) {
    const words = sh`from ${rule.from ?? 'all'} priority ${rule.priority} ${rule.action}`;
    return on(host, sh`${ip} rule del ${words}`, sh`${ip} rule add ${words}`);
  }
  const words = sh`from ${rule.from ?? 'all'} priority ${Math.max(1, rule.priority - 1)} lookup main`;
  return on(host, sh`${ip} rule add ${words}`, sh`${ip} rule del ${words}`);
}

function askedOnWire(view: View<'nodes', 'captures'>, flow: Flow): string[] {
  return questFor(view, flow).asked
    ? [
        `${flow.network?.parent}: the host asks by ARP for ${flow.to.address} on the LAN, although its route table has a way there.`,
      ]
    : [];
}
