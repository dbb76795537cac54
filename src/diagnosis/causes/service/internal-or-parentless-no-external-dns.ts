import type { NetworkFact } from '../../../evidence/facts.js';
import { placeholder, operands, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { failedLookups } from '../../symptoms/lookups.js';
import { idsOf } from '../../flow-questions.js';

export const internalOrParentlessNoExternalDns = defineCause({
  id: 'internal-or-parentless-no-external-dns',
  title: 'A network without a way out resolves no names but its own',
  layer: 'service',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'containers'],
  background: `
    Docker's resolver in a container answers for the containers of its networks, and passes other names on only where the
    container has a way out. On an internal network, and on one without a parent, which Docker treats as internal from
    26.0 on, it answers SERVFAIL at once. Siblings resolve each other all the same.`,
  see: ['https://github.com/moby/moby/pull/46609', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, networks, containers }) {
    const lost = failedLookups(flows).flatMap((flow) => {
      const own = containers.find(({ name }) => name === flow.container?.name)?.attachments ?? [];
      const on = own.flatMap(({ network }) => networks.find(({ name }) => name === network) ?? []);
      const closed = on.filter(isClosed);
      return on.length > 0 && closed.length === on.length ? [{ ...flow, closed }] : [];
    });
    const [flow] = lost;
    const [network] = flow?.closed ?? [];
    if (!flow || !network) return undefined;
    return found({
      detail: { flow, network },
      explains: idsOf(lost),
      because: [...new Set(lost.flatMap(({ closed }) => closed))].map(
        (one) => `${one.name}: ${whyClosed(one)} (docker network inspect).`,
      ),
    });
  },
  explain: ({ flow, network }) =>
    `${flow.container?.name} cannot resolve ${flow.to.label}: ${network.name} ${whyClosed(network)}, and Docker passes no names on from there.`,
  remedy: ({ flow, network }) => [
    advice('If it shall have a way out: connect it to a network that has one', 'docker', [
      sh`docker network connect bridge ${operands(flow.container?.name ?? '')}`,
    ]),
    recreateNetwork('Or recreate the network, with a parent and not internal', network, {
      internal: false,
      parent: network.parent ?? placeholder('PARENT'),
    }),
  ],
});

function isClosed({ internal, parent, driver }: NetworkFact): boolean {
  return internal || (driver !== 'bridge' && parent === undefined);
}

function whyClosed({ internal, parent }: NetworkFact): string {
  return internal && parent !== undefined ? 'is internal' : 'has no parent';
}
