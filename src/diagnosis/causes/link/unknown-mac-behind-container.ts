import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { bridgedInside, bridgedInsideSeen } from '../../symptoms/bridged-inside.js';

export const unknownMacBehindContainer = defineCause({
  id: 'unknown-mac-behind-container',
  title: 'A bridge inside the container sends from a MAC address that its macvlan link does not have',
  layer: 'link',
  kind: 'fault',
  hop: 'ipvlan',
  appliesTo: ['macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    A macvlan link delivers to its container only what is sent to its own MAC address. A bridge or a virtual machine inside the
    container sends frames with another one. They leave, and the replies come back to a MAC address that no link on the parent
    has, so that the kernel drops them. It looks like a LAN that never replies, while broadcasts arrive. Only mode passthru takes
    frames for every MAC address.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/macvlan/',
    'https://man7.org/linux/man-pages/man8/ip-link.8.html',
  ],

  detect(view) {
    const bridged = failing(view.flows).flatMap((flow) => bridgedInside(view.network, flow) ?? []);
    const flow = telling(bridged.map((one) => one.flow));
    const first = bridged.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const each = [...new Map(bridged.map((one) => [`${one.container} ${one.bridge.name}`, one])).values()];
    return found({
      about: flow,
      detail: { first, each },
      explains: idsOf(bridged.map((one) => one.flow)),
      because: each.flatMap((one) => bridgedInsideSeen(view, one)),
    });
  },
  explain: ({ first: { flow, container, bridge, attached } }) =>
    `${complaint(flow)}: in ${container}, ${bridge.name} sends from ${bridge.mac}, and ${attached.name} on the parent takes only frames for ${attached.mac}.`,
  remedy: ({ first, each }) => [
    {
      title: 'Give the bridge in the container the MAC address of its macvlan link',
      use: 'run',
      changes: each.map(({ container, bridge, attached }) => ({
        kind: 'link',
        on: container,
        device: bridge.name,
        set: { mac: attached.mac },
        was: { mac: bridge.mac },
      })),
    },
    advice(
      'For virtual machines behind it: keep the link out of the bridge, and translate their addresses in the container',
      first.container,
      [sh`iptables -t nat -A POSTROUTING -o ${first.attached.name} -j MASQUERADE`],
    ),
    ...(first.flow.network
      ? [
          recreateNetwork(
            'Recreate the network in mode passthru, where each container has a parent of its own',
            first.flow.network,
            { mode: 'passthru' },
          ),
        ]
      : []),
  ],
});
