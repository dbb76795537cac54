import { defineCause, found } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { allowEgress } from '../../remedies/allow-egress.js';
import { isCertain, rulesSeen } from '../../symptoms/blocking-rules.js';
import { HOST_DROP_NEEDS } from '../../symptoms/dropped-on-host.js';
import { hostDrops } from '../../symptoms/host-drops.js';

export const hostOutputDropNewOnly = defineCause({
  id: 'host-output-drop-new-only',
  title: "The host's packet filter drops new connections of the containers, in OUTPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: HOST_DROP_NEEDS,
  background: `
    A stateful rule in the host's OUTPUT hook denies new connections of sources it does not know. Replies of the containers
    pass, because the host's connection tracking sees only half of an IPvlan L3 flow and calls the replies invalid rather
    than new. So the containers are reachable, and their own connections fail.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(seen) {
    const drops = hostDrops(seen, 'new-only');
    if (!drops || 'ruling' in drops) return drops;
    const { requests, own, rules, host: node, parent } = drops;
    const container = requests[0]?.container?.name ?? '';
    return found({
      detail: { flow: telling(requests), drops },
      explains: idsOf([...requests, ...own]),
      confidence: rules.some(isCertain) ? 'certain' : 'likely',
      because: [
        { kind: 'dropped-before-parent', container, node, parent, of: 'new-connections' },
        ...rulesSeen(node, rules),
      ],
    });
  },
  explain: ({ flow, drops }) =>
    `${flow ? complaint(flow) : ''}, and is itself reachable: the Docker host's packet filter drops new connections of ${drops.subnets.join(' and ')} in its OUTPUT hook.`,
  remedy: ({ drops }) => allowEgress(drops),
});
