import { operands, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

export const configOnlyOrSwarmMisuse = defineCause({
  id: 'config-only-or-swarm-misuse',
  title: 'A configuration-only or swarm network is used like an ordinary network',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  background: `
    A network made with --config-only has subnets and a parent, and takes no containers. Another network takes its settings
    with --config-from, and must name the driver again, or Docker makes a bridge. In a swarm each node has its own
    configuration-only network. A manager creates the network from it with --scope swarm. A container started by hand can
    join it only if it was created with --attachable.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://github.com/moby/moby/issues/38731',
    'https://github.com/moby/moby/issues/34203',
  ],

  reproduced: {
    by: 'not',
    why: 'a swarm outlives the run that creates it, so no scenario creates one',
  },

  detect: (observed) => engineErrors('config-only-or-swarm-misuse', observed),
  explain: ({ errors }) => explainErrors(errors, why),
  remedy: ({ errors }) => errors.flatMap(remedies),
});

type Misuse = 'no manager' | 'not attachable' | 'configuration only';

function misuseOf({ refusal: { message } }: EngineError): Misuse {
  if (/swarm manager/.test(message)) return 'no manager';
  return /attachable/.test(message) ? 'not attachable' : 'configuration only';
}

function why(error: EngineError): string {
  const name = error.network?.name;
  switch (misuseOf(error)) {
    case 'no manager':
      return `${name} has scope swarm, and this engine is not a swarm manager`;
    case 'not attachable':
      return `${name} belongs to a swarm and is not attachable, so only services can join it`;
    case 'configuration only':
      return `${name} only holds configuration for other networks`;
  }
}

function remedies(error: EngineError): readonly Remedy[] {
  const { network } = error;
  switch (misuseOf(error)) {
    case 'no manager':
      return [
        advice('Create it on a swarm manager, or make this engine a manager', 'docker', [
          sh`docker node ls`,
          sh`docker swarm init`,
        ]),
      ];
    case 'not attachable': {
      const attachable = { scope: 'swarm', attachable: true } as const;
      return network ? [recreateNetwork('Recreate the network with --attachable', network, attachable)] : [];
    }
    case 'configuration only': {
      const driver = network?.driver === 'macvlan' ? 'macvlan' : 'ipvlan';
      const name = network?.name ?? 'NETWORK';
      return [
        advice('Create a network from it, name the driver, and attach the containers to that network', 'docker', [
          sh`docker network create -d ${driver} --config-from ${name} ${operands(`${name}_net`)}`,
        ]),
      ];
    }
  }
}
