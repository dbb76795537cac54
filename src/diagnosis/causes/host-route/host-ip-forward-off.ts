import { driverText } from '../../../network/networks.js';
import { defineCause, ruledOutByName, found } from '../../cause.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';

const IP_FORWARD = 'net.ipv4.ip_forward';

export const hostIpForwardOff = defineCause({
  id: 'host-ip-forward-off',
  title: 'IP forwarding is off on the host',
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-forward',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'sysctls'],
  background: `
    The web's first advice for containers without internet is to turn on ip_forward. Bridge networks need it, because the
    host forwards their packets. IPvlan and macvlan do not need it. In L2 and macvlan the host's IP layer never sees the
    packet. In L3 and L3S the packet traverses the host's OUTPUT hook, as if the host had sent it. Measured with
    ip_forward=0: everything works.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  ],

  detect({ flows, network: { names, routing } }) {
    const host = names.hostName;
    if (routing.sysctl(host, IP_FORWARD) !== '0') return undefined;
    const bridged = failing(flows).filter(
      ({ network, peer, container }) =>
        container && network?.driver === 'bridge' && peer !== 'sibling' && peer !== 'host',
    );
    const [flow] = bridged;
    if (flow)
      return found({
        about: flow,
        detail: { flow, host },
        explains: idsOf(bridged),
        because: [{ kind: 'sysctl', node: host, name: IP_FORWARD, value: '0' }],
      });
    const direct = names.networks.filter(({ driver }) => driver !== 'bridge');
    if (direct.length === 0) return undefined;
    return ruledOutByName(
      `${IP_FORWARD} is 0 on the host, and the host's IP layer does not forward packets of ${direct.map(driverText).join(', ')}.`,
    );
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the Docker host does not forward (${IP_FORWARD} is 0), and a bridge network needs it to.`,
  remedy: ({ host }) => [
    {
      title: 'Turn forwarding on, and keep it on with a file in /etc/sysctl.d',
      use: 'run',
      changes: [{ kind: 'sysctl', on: host, name: IP_FORWARD, value: 1, was: 0 }],
    },
  ],
});
