import { cannotTell, defineCause, found, on, type Inconclusive } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { refusalOf, type Refusal } from '../../symptoms/host-refusal.js';
import { letOut } from '../../remedies/let-out.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { sh } from '../../../shell.js';
import { REFUSAL_NEEDS, REFUSAL_USES } from '../../symptoms/suffering.js';

export const hostOutputDropsCtInvalid = defineCause({
  id: 'host-output-drops-ct-invalid',
  title: 'The host drops what its connection tracking calls invalid, and in L3 that is every answer of the containers',
  layer: 'host-filter',
  kind: 'fault',
  hop: 'host-output',
  appliesTo: ['ipvlan'],
  needs: REFUSAL_NEEDS,
  uses: REFUSAL_USES,
  background: `
    In L3 mode the host's connection tracking sees what containers send, in its OUTPUT hook, and nothing of what they
    receive. So an answer of theirs, and all that follows the first packet of a TCP connection, belongs to nothing it knows:
    it is invalid. A filter that drops invalid packets, or accepts only new and established ones, lets containers ping
    whom they like, keeps everybody from pinging them, and breaks TCP in both directions. L3S has no such blind side.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Matching_connection_tracking_stateful_metainformation',
  ],

  detect(view) {
    const open = refusalOf(view, 'answers-at-least');
    if (open && !('ruling' in open)) return beginsUntried(open);
    const refusal = refusalOf(view, 'answers-only');
    if (!refusal || 'ruling' in refusal) return refusal;
    const { silenced, halfOpen, own, culprits, parent } = refusal;
    const [flow] = silenced;
    return found({
      about: flow,
      detail: { flow, refusal, remedies: letOut(view, refusal) },
      explains: idsOf([...silenced, ...halfOpen, ...own]),
      confidence: culprits.some(({ packets }) => (packets ?? 0) > 0) ? 'certain' : 'likely',
      because: [
        `${parent}: requests for ${flow?.containerAddress} came in and its answers did not go out, while what it begins itself does.`,
        ...(halfOpen.length > 0
          ? [
              `${parent}: ${halfOpen[0]?.container?.name}'s connection to ${halfOpen[0]?.to.label} was answered, and nothing followed.`,
            ]
          : []),
        ...culprits.map(({ text }) => `host: ${text}.`),
      ],
    });
  },
  explain: ({ flow, refusal }) =>
    `${flow ? complaint(flow) : ''}, and its TCP connections stall: the Docker host sees half of what ${refusal.subnets.join(' and ')} exchange with others, and its packet filter drops what it calls invalid in its OUTPUT hook.`,
  remedy: ({ flow, remedies }) => [
    ...remedies,
    ...(flow?.network
      ? [
          recreateNetwork('Or recreate the network in L3S mode, in which the host sees both directions', flow.network, {
            mode: 'l3s',
          }),
        ]
      : []),
  ],
});

function beginsUntried({ silenced, subnets }: Refusal): Inconclusive {
  const [flow] = silenced;
  return cannotTell({
    missing: `whether the host drops only the answers of ${subnets.join(' and ')}, or also what they begin: that was not tried`,
    explains: idsOf(silenced),
    oneOf: ['host-output-drops-ct-invalid', 'host-output-firewall-drop'],
    test: flow?.container ? on(flow.container.name, sh`ping -c 3 ${flow.from.address}`) : undefined,
  });
}
