import { sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';

export const l3BesideAnotherNetwork = defineCause({
  id: 'l3-beside-another-network',
  title: 'Before Docker 28, a container on IPvlan L3 and on another network does not start',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan'],
  needs: ['refusals', 'containers'],
  background: `
    An IPvlan L3 network gives its containers a default route through its own link. Any other network that is not internal
    gives them one via its gateway. Docker before 28 sets both. The second one fails, and the container does not start, in
    any order of its networks. Since Docker 28 only one network sets the default route. Docker shows the runtime's
    message: that of runc names the route, that of crun only says that a hook failed.`,
  see: ['https://github.com/moby/moby/issues/48576', 'https://github.com/moby/moby/pull/49130'],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('l3-beside-another-network', observed);
    const named = seen?.detail.errors.every(({ refusal }) => /file exists/.test(refusal.message));
    return seen && { ...seen, confidence: named ? 'certain' : 'likely' };
  },
  explain: ({ errors }) =>
    explainErrors(
      errors,
      ({ refusal: { networks } }) =>
        `it is on ${networks.map(({ name }) => name).join(' and ')}, each of which gives it a default route, and Docker before 28 cannot set two beside IPvlan L3`,
    ),
  remedy: ({ errors, host }) => [
    advice('Update Docker to 28 or later', host, [sh`docker version --format {{.Server.Version}}`]),
    advice(
      'Disconnect the container from all networks but one. If it needs no route out through the other network, recreate that one as internal',
      'docker',
      errors.flatMap(({ refusal: { container, networks } }) =>
        networks.slice(1).map(({ name }) => ({
          kind: 'membership' as const,
          do: 'disconnect' as const,
          container: container?.name ?? '',
          network: name,
        })),
      ),
    ),
  ],
});
