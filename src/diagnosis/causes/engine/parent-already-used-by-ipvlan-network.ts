import type { NetworkFact } from '../../../evidence/facts.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork, recreateNetwork, vlanOn } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

export const parentAlreadyUsedByIpvlanNetwork = defineCause({
  id: 'parent-already-used-by-ipvlan-network',
  title: 'Another Docker network already uses the parent',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    Docker gives a parent to one IPvlan network only. Up to Docker 26 the same is true of macvlan. Docker's message names the
    other network by "di-" (or "dm-") and the first twelve digits of its id, even when its parent is a real interface. One
    network can have several subnets, and each VLAN of an interface is a parent of its own.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/1743',
    'https://github.com/moby/moby/pull/47318',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('parent-already-used-by-ipvlan-network', observed);
    const [first] = seen?.detail.errors ?? [];
    if (!seen || !first) return undefined;
    return { ...seen, detail: { ...seen.detail, holder: holderOf(first, observed.network.names.networks) } };
  },
  explain: ({ errors, holder }) =>
    explainErrors(
      errors,
      (one) =>
        `${one.network?.name} needs the parent ${one.words['parent']}, which ${holder?.name ?? `a network with an id like ${idOf(one)}`} already uses`,
    ),
  remedy: ({ errors, holder }) => [
    ...errors.flatMap(({ network }) =>
      network && holder
        ? [
            recreateNetwork(`Give ${holder.name} the subnets of both, and attach all containers to it`, holder, {
              subnets: [...holder.subnets, ...network.subnets],
            }),
          ]
        : [],
    ),
    ...errors.flatMap(({ network }) =>
      network
        ? [
            advice('Give the new network a VLAN of its own, which the switch must carry', 'docker', [
              createNetwork(network, { parent: vlanOn(network.parent) }),
            ]),
          ]
        : [],
    ),
    advice('See which network uses the parent, and remove that network if it is not needed', 'docker', [
      ...errors.map((one) => sh`docker network inspect ${operands(holder?.name ?? idOf(one))}`),
      sh`docker network ls --filter driver=ipvlan --filter driver=macvlan`,
    ]),
  ],
});

/** The id within a name such as `di-0123456789ab`, or the name Docker gives. */
function idOf({ words }: EngineError): string {
  return (words['holder'] ?? '').replace(/^d[im]-/, '');
}

function holderOf(error: EngineError, networks: readonly NetworkFact[]): NetworkFact | undefined {
  const id = idOf(error);
  return networks.find((network) => network.id.startsWith(id) || network.name === id);
}
