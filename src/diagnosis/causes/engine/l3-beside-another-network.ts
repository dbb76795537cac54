import { operands, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { explainRefused, refusedAs } from '../../symptoms/refused.js';

export const l3BesideAnotherNetwork = defineCause({
  id: 'l3-beside-another-network',
  title: 'A container on IPvlan L3 and on another network does not start before Docker 28',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan'],
  needs: ['refusals', 'containers'],
  uses: ['engine'],
  background: `
    An IPvlan L3 network gives its containers a default route by its own link, and so does any other network that is not
    internal, by its gateway. Up to Docker 27 both are set, and the second one is refused: the container does not start,
    whatever the order of its networks. From Docker 28 on only the network that gives the gateway sets it. Docker passes on
    what the runtime says: with runc the sentence names the route, with crun it says no more than that a hook failed.`,
  see: ['https://github.com/moby/moby/issues/48576', 'https://github.com/moby/moby/pull/49130'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const found = refusedAs('l3-beside-another-network', view);
    const told = found?.detail.refused.every(({ refusal }) => /file exists/.test(refusal.message));
    return found && { ...found, confidence: told ? 'certain' : 'likely' };
  },
  explain: ({ refused }) =>
    explainRefused(
      refused,
      ({ refusal: { networks } }) =>
        `it is on ${networks.map(({ name }) => name).join(' and ')}, each of which gives it a default route, and Docker before 28 cannot have that beside IPvlan L3`,
    ),
  remedy: ({ refused }) => [
    advice('Update Docker to 28 or later', 'host', [sh`docker version --format {{.Server.Version}}`]),
    advice(
      'Or leave the container on one of them; where the other need not lead out, make that one internal',
      'docker',
      refused.flatMap(({ refusal: { container, networks } }) =>
        networks.slice(1).map(({ name }) => sh`docker network disconnect ${operands(name, container?.name ?? '')}`),
      ),
    ),
  ],
});
