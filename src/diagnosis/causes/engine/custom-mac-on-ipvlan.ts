import type { AskedNetwork } from '../../../evidence/facts.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';

export const customMacOnIpvlan = defineCause({
  id: 'custom-mac-on-ipvlan',
  title: 'A container on IPvlan asks for its own MAC address',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan'],
  needs: ['refusals', 'containers'],
  background: `
    All links on an IPvlan parent share the parent's MAC address. This is the difference to macvlan. Docker therefore does
    not start an IPvlan container with --mac-address, or with mac_address in a compose file.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/moby/issues/45880',
    'https://docs.kernel.org/networking/ipvlan.html',
  ],

  reproduced: { by: 'scenario' },

  detect: (observed) => engineErrors('custom-mac-on-ipvlan', observed),
  explain: ({ errors }) =>
    explainErrors(
      errors,
      ({ network, refusal: { container } }) =>
        `it asks for the MAC address ${container?.mac ?? 'of its own choice'}, and all containers on the ipvlan network ${network?.name} share that of ${network?.parent ?? 'the parent'}`,
    ),
  remedy: ({ errors }) => [
    advice(
      'Recreate the container without --mac-address (mac_address in a compose file)',
      'docker',
      errors.flatMap(({ network, refusal: { container } }) =>
        network && container
          ? [sh`docker run --network ${network.name} --name ${container.name} ${placeholder('IMAGE')}`]
          : [],
      ),
    ),
    ...errors.flatMap(({ network }) => (network ? [asMacvlan(network)] : [])),
  ],
});

function asMacvlan(network: AskedNetwork) {
  return recreateNetwork('If the container needs its own MAC address, recreate the network as macvlan', network, {
    driver: 'macvlan',
    mode: undefined,
    flag: undefined,
  });
}
