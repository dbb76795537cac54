import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { likelyParent } from '../../symptoms/likely-parent.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

export const parentNotFound = defineCause({
  id: 'parent-not-found',
  title: 'The parent is no interface of the Docker host',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['nodes', 'links', 'routes'],
  background: `
    Docker looks for the parent by name when the network is created. A name it does not find is taken for a VLAN still to be
    made, so that a plain typing error comes back as "invalid subinterface vlan name". Names also change: by a new kernel or
    board, with a VPN that is not up yet, and on Docker Desktop, whose engine sees the interfaces of its own machine only.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/docker/for-mac/issues/3926',
    'https://systemd.io/PREDICTABLE_INTERFACE_NAMES/',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const no = refusedAs('parent-not-found', view);
    const asked = no?.detail.refused.map(parentOf).find((parent) => parent !== undefined);
    return no && { ...no, detail: { ...no.detail, instead: likelyParent(view, asked) } };
  },
  explain: ({ refused, instead }) =>
    explainRefused(
      refused,
      (one) => `${why(one)}${instead === undefined ? '' : `; its interface ${instead} may be meant`}`,
    ),
  remedy: ({ refused, instead }) => [
    advice('Look up what the host calls its interfaces', 'host', [sh`ip -br link`]),
    advice(
      'Create the network on one of them, or on a VLAN of one, such as eth0.10; then its containers',
      'docker',
      refused.flatMap(({ network }) =>
        network ? [createNetwork(network, { parent: instead ?? placeholder('INTERFACE') })] : [],
      ),
    ),
  ],
});

function parentOf({ words, network }: Refused): string | undefined {
  return network?.parent ?? words['parent'];
}

function why(one: Refused): string {
  const { vlan } = one.words;
  if (vlan !== undefined) return `${parentOf(one)} asks for VLAN ${vlan}, and VLANs are numbered from 1 to 4094`;
  return `${parentOf(one)} is neither an interface of the host nor the name of a VLAN on one`;
}
