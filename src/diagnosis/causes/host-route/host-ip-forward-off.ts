import { sh } from '../../../shell.js';
import { defineCause, exonerated, found, on } from '../../cause.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

export const hostIpForwardOff = defineCause({
  id: 'host-ip-forward-off',
  title: 'IP forwarding is off on the host',
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-forward',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'sysctls'],
  background: `
    The web's first advice for containers without internet is to turn on ip_forward. Bridge networks need it, for the host
    forwards their packets. IPvlan and macvlan do not: in L2 and macvlan the host's IP layer never sees the packet, and in
    L3 and L3S it leaves by the host's OUTPUT hook, as if the host had sent it. Measured with ip_forward=0: everything works.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  ],

  detect({ nodes, networks, sysctls, flows }) {
    const host = hostName(nodes);
    if (sysctls[host]?.['net.ipv4.ip_forward'] !== '0') return undefined;
    const bridged = failing(flows).filter(
      ({ network, peer, container }) =>
        container && network?.driver === 'bridge' && peer !== 'sibling' && peer !== 'host',
    );
    const [flow] = bridged;
    if (flow)
      return found({
        detail: { flow },
        explains: idsOf(bridged),
        because: ['host: net.ipv4.ip_forward is 0 (sysctl).'],
      });
    const direct = networks.filter(({ driver }) => driver !== 'bridge');
    if (direct.length === 0) return undefined;
    return exonerated(
      `net.ipv4.ip_forward is 0 on the host, and ${direct.map(({ name, driver, mode }) => `${name} (${driver} ${mode})`).join(', ')} never asks it: its packets are not forwarded by the host's IP layer.`,
    );
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the Docker host does not forward (net.ipv4.ip_forward is 0), and a bridge network needs it to.`,
  remedy: () => [
    {
      title: 'Turn forwarding on, and keep it on with a file in /etc/sysctl.d',
      use: 'run',
      commands: [on('host', sh`sysctl -w net.ipv4.ip_forward=1`, sh`sysctl -w net.ipv4.ip_forward=0`)],
    },
  ],
});
