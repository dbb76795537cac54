import { defineCause, found } from '../../cause.js';
import { refusalOf } from '../../symptoms/host-refusal.js';
import { letOut } from '../../remedies/let-out.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { REFUSAL_NEEDS, REFUSAL_USES } from '../../symptoms/suffering.js';

export const hostOutputDropNewOnly = defineCause({
  id: 'host-output-drop-new-only',
  title: "The host's packet filter drops new connections of the containers, in OUTPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: REFUSAL_NEEDS,
  uses: REFUSAL_USES,
  background: `
    A stateful rule in the host's OUTPUT hook denies new connections of sources it does not know. What containers send in
    answer to others passes, because the host's connection tracking sees only half of an IPvlan L3 flow and calls the
    answers invalid rather than new. So the containers can be reached and can reach nobody.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const refusal = refusalOf(view, 'new-only');
    if (!refusal || 'ruling' in refusal) return refusal;
    const { refused, own, culprits } = refusal;
    return found({
      detail: { flow: telling(refused), refusal, remedies: letOut(view, refusal) },
      explains: idsOf([...refused, ...own]),
      confidence: culprits.some(({ packets }) => (packets ?? 0) > 0) ? 'certain' : 'likely',
      because: [
        `${refused[0]?.container?.name}: what it begins is turned down on the host, while its answers to others go out.`,
        ...culprits.map(({ text }) => `host: ${text}.`),
      ],
    });
  },
  explain: ({ flow, refusal }) =>
    `${flow ? complaint(flow) : ''}, and can itself be reached: the Docker host's packet filter drops new connections of ${refusal.subnets.join(' and ')} in its OUTPUT hook.`,
  remedy: ({ remedies }) => remedies,
});
