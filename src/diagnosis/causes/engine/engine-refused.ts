import { operands, sh } from '../../../shell.js';
import { advice, defineCause, distinctRuns } from '../../cause.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';

export const engineRefused = defineCause({
  id: 'engine-refused',
  title: 'Docker failed with an error that is not in the catalogue',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  background: `
    Docker creates a network's link with the network, and a container's link when the container starts. If either fails,
    there is no packet to follow. Most of Docker's error messages have a cause of their own in this catalogue. This cause
    covers the rest and shows Docker's own message.`,
  see: ['https://docs.docker.com/reference/cli/docker/network/create/', 'https://docs.docker.com/engine/daemon/logs/'],

  reproduced: {
    by: 'not',
    why: 'it covers unknown errors: every error that a scenario can cause has a cause of its own',
  },

  detect: (observed) => engineErrors(undefined, observed),
  explain: ({ errors }) => explainErrors(errors, ({ refusal }) => `Docker says "${refusal.message}"`),
  remedy: ({ errors, host }) => [
    advice('See what Docker and the kernel logged at that moment', host, [
      sh`journalctl -u docker --since -5min`,
      sh`dmesg | tail -n 20`,
    ]),
    advice('See what Docker created', 'docker', [
      ...distinctRuns(
        errors.map(({ refusal: { container, networks } }) =>
          container
            ? sh`docker inspect ${operands(container.name)}`
            : sh`docker network inspect ${operands(networks[0]?.name ?? '')}`,
        ),
      ),
    ]),
  ],
});
