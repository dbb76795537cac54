import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { explainRefused, refusedAs } from '../../symptoms/refused.js';

export const customMacOnIpvlan = defineCause({
  id: 'custom-mac-on-ipvlan',
  title: 'A container on IPvlan asks for a hardware address of its own',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan'],
  needs: ['refusals', 'containers'],
  background: `
    All links of an IPvlan parent share the parent's hardware address: that is what sets it apart from macvlan. So
    --mac-address, and mac_address in a compose file, cannot be had, and Docker refuses to start the container.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/moby/issues/45880',
    'https://docs.kernel.org/networking/ipvlan.html',
  ],

  reproduced: { by: 'scenario' },

  detect: (view) => refusedAs('custom-mac-on-ipvlan', view),
  explain: ({ refused }) =>
    explainRefused(
      refused,
      ({ network, refusal: { container } }) =>
        `it asks for the hardware address ${container?.mac ?? 'of its own choice'}, and on the ipvlan network ${network?.name} all share that of ${network?.parent ?? 'the parent'}`,
    ),
  remedy: ({ refused }) => [
    advice(
      'Make the container anew without --mac-address (mac_address in a compose file)',
      'docker',
      refused.flatMap(({ network, refusal: { container } }) =>
        network && container
          ? [sh`docker run --network ${network.name} --name ${container.name} ${placeholder('IMAGE')}`]
          : [],
      ),
    ),
    ...refused.flatMap(({ network }) =>
      network
        ? [
            recreateNetwork('Or, where the address is needed: use macvlan, which gives each container one', network, {
              driver: 'macvlan',
              mode: undefined,
              flag: undefined,
            }),
          ]
        : [],
    ),
  ],
});
