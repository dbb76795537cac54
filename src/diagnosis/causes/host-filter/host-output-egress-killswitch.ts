import { placeholder, sh } from '../../../shell.js';
import { cannotTell, defineCause, found, on, type Inconclusive } from '../../cause.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { allowEgress } from '../../remedies/allow-egress.js';
import { bridgeInstead } from '../../remedies/bridge-instead.js';
import { isCertain, rulesSeen } from '../../symptoms/blocking-rules.js';
import { HOST_DROP_NEEDS } from '../../symptoms/dropped-on-host.js';
import { hiddenEgressCause } from '../../symptoms/hidden-egress.js';
import { hostDrops, type HostDrops } from '../../symptoms/host-drops.js';

export const hostOutputEgressKillswitch = defineCause({
  id: 'host-output-egress-killswitch',
  title: 'A kill-switch on the host lets only LAN traffic leave through the parent',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: HOST_DROP_NEEDS,
  background: `
    VPN clients and hardening scripts add rules to the host's OUTPUT hook that allow local destinations and drop everything
    else unless it leaves through the tunnel. Packets of containers in L3 and L3S mode traverse that hook and are pinned to
    the parent, so the LAN works in both directions and the internet does not. This is the true form of "something is
    blocking it at OS level".`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(seen) {
    const open = hostDrops(seen, 'internet-at-least');
    if (open && !('ruling' in open)) return lanNotTried(open);
    const drops = hostDrops(seen, 'internet-only');
    if (!drops) return hiddenEgressCause(seen, 'internet-only');
    if ('ruling' in drops) return drops;
    const { requests, own, rules, host: node, parent } = drops;
    const container = requests[0]?.container?.name ?? '';
    return found({
      detail: { flow: telling(requests), drops },
      explains: idsOf([...requests, ...own]),
      confidence: rules.some(isCertain) ? 'certain' : 'likely',
      because: [
        { kind: 'dropped-before-parent', container, node, parent, of: 'internet' },
        ...rulesSeen(node, rules),
        ...own.slice(0, 1).map(({ to }) => ({ kind: 'own-packets-dropped', node, destination: to.label }) as const),
      ],
    });
  },
  explain: ({ flow, drops: { parent } }) =>
    `${flow ? complaint(flow) : ''}: a rule in the Docker host's OUTPUT hook lets only LAN traffic leave through ${parent}.`,
  remedy: ({ drops }) => [...allowEgress(drops), bridgeInstead()],
});

function lanNotTried({ requests, subnets }: HostDrops): Inconclusive {
  const [flow] = requests;
  return cannotTell({
    missing: `whether the host drops only packets to the internet from ${subnets.join(' and ')}, or everything: the LAN was not tried`,
    explains: idsOf(requests),
    oneOf: ['host-output-egress-killswitch', 'host-output-firewall-drop'],
    test: flow?.container ? on(flow.container.name, sh`ping -c 3 ${placeholder('GATEWAY')}`) : undefined,
  });
}
