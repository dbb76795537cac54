import { contains } from '../../../ip.js';
import { defineCause, found } from '../../cause.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { mainTableFirst } from '../../remedies/main-table-first.js';
import { lanTaken, takenByRule, type TakenByRule } from '../../symptoms/taken-by-rule.js';

export const policyRuleBeforeMain = defineCause({
  id: 'policy-rule-before-main',
  title: 'A policy rule sends LAN traffic through another interface before the main table is looked up',
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    VPN clients and source routing add policy rules with tables of their own, which the kernel looks up before main. Where such
    a table has a route to the LAN, or a default route and nothing exempts the LAN, the node's own packets to its LAN and to its
    containers enter the tunnel, and its replies too. The command ip route, which shows main alone, looks right; ip route get
    shows what really happens. Containers of IPvlan L2 and macvlan are not affected by the host's rules, only by their own.`,
  see: ['https://man7.org/linux/man-pages/man8/ip-rule.8.html', 'https://tailscale.com/kb/1019/subnets'],

  detect({ flows, network }) {
    const taken = failing(flows).flatMap((flow) => takenByRule(network, flow) ?? []);
    const flow = telling(taken.map((one) => one.flow));
    const first = taken.find((one) => one.flow === flow);
    if (!first) return undefined;
    const same = taken.filter(({ node, rule }) => node === first.node && rule === first.rule);
    const isHost = first.node === network.names.hostName;
    return found({
      about: flow,
      detail: { first, isHost, lans: widest(same.map((one) => lanTaken(network, one))) },
      explains: idsOf(same.map((one) => one.flow)),
      hop: isHost ? 'host-route' : 'container-route',
      because: seen(first),
    });
  },
  explain: ({ first: { flow, node, rule, hop }, isHost }) =>
    `${complaint(flow)}: policy rule ${rule.priority} of ${isHost ? 'the Docker host' : node} looks up table ${rule.table} before main, and its route to ${hop.route.destination} uses ${hop.device}.`,
  remedy: ({ first: { node, rule, hop }, lans }) => mainTableFirst(node, { rule, device: hop.device, lans }),
});

function seen({ node, destination, rule, hop, main }: TakenByRule): readonly Observation[] {
  const { device, route } = hop;
  return [
    { kind: 'route-elsewhere', node, destination, device, subnet: route.destination, expected: main.device },
    { kind: 'policy-rule', node, rule },
  ];
}

/** Subnets without those that another one holds. */
function widest(subnets: readonly string[]): readonly string[] {
  const each = [...new Set(subnets)];
  return each.filter((one) => !each.some((other) => other !== one && contains(other, one)));
}
