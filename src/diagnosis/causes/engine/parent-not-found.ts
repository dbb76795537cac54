import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';
import { likelyParent } from '../../symptoms/likely-parent.js';

export const parentNotFound = defineCause({
  id: 'parent-not-found',
  title: 'The parent is not an interface of the Docker host',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    Docker looks for the parent by name when the network is created. It treats an unknown name as a VLAN to create, so a
    typing error gives "invalid subinterface vlan name". Interface names also change with a new kernel or board, and a VPN's
    interface may not be up yet. Docker Desktop's engine sees only the interfaces of its own virtual machine.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/docker/for-mac/issues/3926',
    'https://systemd.io/PREDICTABLE_INTERFACE_NAMES/',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('parent-not-found', observed);
    const asked = seen?.detail.errors.map(parentOf).find((parent) => parent !== undefined);
    return seen && { ...seen, detail: { ...seen.detail, instead: likelyParent(observed.network, asked) } };
  },
  explain: ({ errors, instead }) =>
    explainErrors(
      errors,
      (one) => `${why(one)}${instead === undefined ? '' : `; the interface ${instead} may be meant`}`,
    ),
  remedy: ({ errors, host, instead }) => [
    advice("See the names of the host's interfaces", host, [sh`ip -br link`]),
    advice(
      'Create the network on one of them, or on a VLAN of one, such as eth0.10; then create its containers',
      'docker',
      errors.flatMap(({ network }) =>
        network ? [createNetwork(network, { parent: instead ?? placeholder('INTERFACE') })] : [],
      ),
    ),
  ],
});

function parentOf({ words, network }: EngineError): string | undefined {
  return network?.parent ?? words['parent'];
}

function why(one: EngineError): string {
  const { vlan } = one.words;
  if (vlan !== undefined) return `${parentOf(one)} asks for VLAN ${vlan}, and VLAN numbers are 1 to 4094`;
  return `${parentOf(one)} is neither an interface of the host nor the name of a VLAN on one`;
}
