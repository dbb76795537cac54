import { operands, sh } from '../../../shell.js';
import { advice, defineCause, distinctRuns } from '../../cause.js';
import { explainRefused, refusedAs } from '../../symptoms/refused.js';

export const engineRefused = defineCause({
  id: 'engine-refused',
  title: 'Docker refused, for a reason that is not in the catalogue',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  uses: ['engine'],
  background: `
    Docker makes a network's link when the network is created, and a container's when it starts; either may be refused, and
    then there is no packet to follow. Most of what Docker says then has a cause of its own in this catalogue. This one
    stands for the rest, and passes on Docker's own sentence.`,
  see: ['https://docs.docker.com/reference/cli/docker/network/create/', 'https://docs.docker.com/engine/daemon/logs/'],

  reproduced: {
    by: 'not',
    why: 'it stands for what nobody has met yet: whatever can be brought about has a cause of its own',
  },

  detect: (view) => refusedAs(undefined, view),
  explain: ({ refused }) => explainRefused(refused, ({ refusal }) => `Docker says "${refusal.message}"`),
  remedy: ({ refused }) => [
    advice('See what Docker and the kernel say beside it, at that moment', 'host', [
      sh`journalctl -u docker --since -5min`,
      sh`dmesg | tail -n 20`,
    ]),
    advice('See what Docker has of it', 'docker', [
      ...distinctRuns(
        refused.map(({ refusal: { container, networks } }) =>
          container
            ? sh`docker inspect ${operands(container.name)}`
            : sh`docker network inspect ${operands(networks[0]?.name ?? '')}`,
        ),
      ),
    ]),
  ],
});
