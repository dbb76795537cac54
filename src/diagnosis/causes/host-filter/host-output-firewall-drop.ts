import { defineCause, found } from '../../cause.js';
import { inOtherToolsWords } from '../../remedies/firewall-tools.js';
import { refusalOf } from '../../symptoms/host-refusal.js';
import { foundMasked, letOut, sentByHost } from '../../remedies/let-out.js';
import { complaint, idsOf, telling } from '../../flow-questions.js';
import { REFUSAL_NEEDS, REFUSAL_USES } from '../../symptoms/suffering.js';

export const hostOutputFirewallDrop = defineCause({
  id: 'host-output-firewall-drop',
  title: "The host's packet filter drops what containers send, in OUTPUT",
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: REFUSAL_NEEDS,
  uses: REFUSAL_USES,
  background: `
    In L3 and L3S mode everything a container sends outside crosses the host's OUTPUT hook, with the container's address
    as its source and no process or user behind it. A filter that denies outgoing traffic by default, or allows only known
    users or addresses, drops it, answers to incoming connections included. FORWARD has no part in it.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/configuring_and_managing_networking/getting-started-with-ipvlan_configuring-and-managing-networking',
  ],

  detect(view) {
    const refusal = refusalOf(view, 'everything');
    if (!refusal) return foundMasked(view, 'everything');
    if ('ruling' in refusal) return refusal;
    const { refused, silenced, own, culprits, parent, traced } = refusal;
    const flows = [...refused, ...silenced];
    const proven = (silenced.length > 0 || traced) && culprits.some(({ packets }) => (packets ?? 0) > 0);
    return found({
      detail: { flow: telling(flows), refusal, remedies: letOut(view, refusal) },
      explains: idsOf([...flows, ...own]),
      confidence: proven ? 'certain' : 'likely',
      because: [
        ...(refused.length > 0
          ? [`${refused[0]?.container?.name}: its packets were turned down on the host and never left ${parent}.`]
          : []),
        ...(silenced.length > 0
          ? [`${parent}: requests for ${silenced[0]?.containerAddress} came in, and its answers did not go out.`]
          : []),
        ...culprits.map(({ text }) => `host: ${text}.`),
      ],
    });
  },
  explain: ({ flow, refusal }) =>
    `${flow ? complaint(flow) : ''}: the Docker host's packet filter drops what ${refusal.subnets.join(' and ')} ${refusal.subnets.length > 1 ? 'send' : 'sends'}, in its OUTPUT hook.`,
  remedy: ({ refusal, remedies }) => [
    ...remedies,
    ...inOtherToolsWords(refusal.culprits, { node: 'host', way: 'out', traffic: sentByHost(refusal) }),
  ],
});
