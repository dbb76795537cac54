import type { NetworkFact } from '../../../evidence/facts.js';
import { placeholder } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { idsOf } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { failedLookups } from '../../symptoms/lookups.js';

export const internalOrParentlessNoExternalDns = defineCause({
  id: 'internal-or-parentless-no-external-dns',
  title: 'A network without a way out only resolves the names of its own containers',
  layer: 'service',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'containers'],
  background: `
    Docker's resolver in a container answers for the containers on its networks. It forwards other names only if the
    container has a way out. On an internal network it answers SERVFAIL at once. Since 26.0 Docker treats a network without
    a parent as internal. Siblings still resolve each other.`,
  see: ['https://github.com/moby/moby/pull/46609', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: { names } }) {
    const lost = failedLookups(flows).flatMap((flow) => {
      const on = names.networksOf(flow.container?.name);
      const closed = on.filter((network) => whyClosed(network) !== undefined);
      return on.length > 0 && closed.length === on.length ? [{ ...flow, closed }] : [];
    });
    const [flow] = lost;
    const [network] = flow?.closed ?? [];
    if (!flow || !network) return undefined;
    return found({
      about: flow,
      detail: { flow, network },
      explains: idsOf(lost),
      because: [...new Set(lost.flatMap(({ closed }) => closed))].map((one) => ({
        kind: 'closed-network' as const,
        network: one.name,
        why: whyClosed(one) ?? 'internal',
      })),
    });
  },
  explain: ({ flow, network }) =>
    `${flow.container?.name} cannot resolve ${flow.to.label}: ${network.name} ${whyClosed(network) === 'internal' ? 'is internal' : 'has no parent'}, and Docker forwards no DNS queries from such a network.`,
  remedy: ({ flow, network }) => [
    advice('If the container needs a way out, connect it to a network that has one', 'docker', [
      { kind: 'membership', do: 'connect', container: flow.container?.name ?? '', network: 'bridge' },
    ]),
    recreateNetwork('Recreate the network with a parent and without --internal', network, {
      internal: false,
      parent: network.parent ?? placeholder('PARENT'),
    }),
  ],
});

/** Why a network has no way out; `undefined` when it has one. */
function whyClosed({ internal, parent, driver }: NetworkFact): 'internal' | 'no parent' | undefined {
  if (driver !== 'bridge' && parent === undefined) return 'no parent';
  if (!internal) return undefined;
  return parent === undefined ? 'no parent' : 'internal';
}
