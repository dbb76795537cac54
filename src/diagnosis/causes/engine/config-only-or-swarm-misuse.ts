import { operands, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { explainRefused, refusedAs } from '../../symptoms/refused.js';

export const configOnlyOrSwarmMisuse = defineCause({
  id: 'config-only-or-swarm-misuse',
  title: 'A network that only holds configuration, or belongs to a swarm, is used as if it were one to run on',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  background: `
    A network made with --config-only carries subnets and a parent, and no container: the network to run on is made from it
    with --config-from, and the driver must be named again, or Docker makes a bridge. In a swarm each node has a
    configuration of its own and the network is made on a manager with --scope swarm; only --attachable ones take containers started by hand.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://github.com/moby/moby/issues/38731',
    'https://github.com/moby/moby/issues/34203',
  ],

  reproduced: {
    by: 'not',
    why: 'a swarm outlives the run that makes it, so that no scenario makes one',
  },

  detect: (view) => refusedAs('config-only-or-swarm-misuse', view),
  explain: ({ refused }) =>
    explainRefused(refused, ({ network, refusal: { message } }) =>
      /swarm manager/.test(message)
        ? `${network?.name} is to be of scope swarm, and this engine manages no swarm`
        : /attachable/.test(message)
          ? `${network?.name} belongs to a swarm and is not attachable: only services run on it`
          : `${network?.name} only holds configuration for other networks`,
    ),
  remedy: ({ refused }) =>
    refused.flatMap(({ network, refusal: { message } }) => {
      const name = network?.name ?? 'NETWORK';
      const driver = network?.driver === 'macvlan' ? 'macvlan' : 'ipvlan';
      if (/swarm manager/.test(message))
        return [
          advice('Run it on a manager of the swarm, or make this engine one', 'docker', [
            sh`docker node ls`,
            sh`docker swarm init`,
          ]),
        ];
      if (/attachable/.test(message))
        return [
          ...(network
            ? [
                recreateNetwork('Recreate the network so that containers may join it', network, {
                  scope: 'swarm',
                  attachable: true,
                }),
              ]
            : []),
        ];
      return [
        advice('Make a network from it, naming the driver, and put the containers on that', 'docker', [
          sh`docker network create -d ${driver} --config-from ${name} ${operands(`${name}_net`)}`,
        ]),
      ];
    }),
});
