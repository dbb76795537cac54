import { placeholder, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on, type Inconclusive } from '../../cause.js';
import { refusalOf, type Refusal } from '../../symptoms/host-refusal.js';
import { foundMasked, letOut } from '../../remedies/let-out.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { REFUSAL_NEEDS, REFUSAL_USES } from '../../symptoms/suffering.js';

export const hostOutputEgressKillswitch = defineCause({
  id: 'host-output-egress-killswitch',
  title: 'A kill-switch on the host lets nothing but LAN traffic out by the parent',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: REFUSAL_NEEDS,
  uses: REFUSAL_USES,
  background: `
    VPN clients and hardening scripts put rules into the host's OUTPUT hook that allow local destinations and drop the rest
    unless it leaves by the tunnel. Containers in L3 and L3S mode cross that hook and are pinned to the parent, so that
    the LAN works in both directions and the internet does not. This is the true form of "something is blocking it at OS
    level".`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const open = refusalOf(view, 'internet-at-least');
    if (open && !('ruling' in open)) return nobodyTriedTheLan(open);
    const refusal = refusalOf(view, 'internet-only');
    if (!refusal) return foundMasked(view, 'internet-only');
    if ('ruling' in refusal) return refusal;
    const { refused, own, culprits, parent } = refusal;
    return found({
      detail: { flow: telling(refused), refusal, remedies: letOut(view, refusal) },
      explains: idsOf([...refused, ...own]),
      confidence: culprits.some(({ packets }) => (packets ?? 0) > 0) ? 'certain' : 'likely',
      because: [
        `${refused[0]?.container?.name}: what it sends to the LAN leaves by ${parent}; what it sends to the internet is turned down on the host.`,
        ...culprits.map(({ text }) => `host: ${text}.`),
        ...(own.length > 0 ? [`host: its own packets to ${own[0]?.to.label} are turned down too.`] : []),
      ],
    });
  },
  explain: ({ flow, refusal: { parent } }) =>
    `${flow ? complaint(flow) : ''}: a rule in the Docker host's OUTPUT hook lets only LAN traffic leave by ${parent}.`,
  remedy: ({ remedies }) => [
    ...remedies,
    advice(
      'If the containers are meant to use the tunnel: L3 is pinned to its parent, so give them a bridge network instead',
      'docker',
      [
        sh`docker network create ${placeholder('NAME')} && docker network connect ${placeholder('NAME')} ${placeholder('CONTAINER')}`,
      ],
    ),
  ],
});

function nobodyTriedTheLan({ refused, subnets }: Refusal): Inconclusive {
  const [flow] = refused;
  return cannotTell({
    missing: `whether the host refuses only the internet to ${subnets.join(' and ')}, or everything: the LAN was not tried`,
    explains: idsOf(refused),
    oneOf: ['host-output-egress-killswitch', 'host-output-firewall-drop'],
    test: flow?.container ? on(flow.container.name, sh`ping -c 3 ${placeholder('GATEWAY')}`) : undefined,
  });
}
