import type { PlatformFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { FOREIGN_MAC_NEEDS, foreignMac, foreignMacSeen, type ForeignMac } from '../../symptoms/foreign-mac.js';
import { platformSeen } from '../../symptoms/platform.js';
import { cutByMac, isInCloud } from '../../hypotheses/wire.js';
import { foreignMacs, machineKind } from '../../symptoms/lan-looks.js';

export const switchPortSecurity = defineCause({
  id: 'switch-port-security',
  title: "The switch port accepts no other MAC address than the host's",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  background: `
    Every macvlan container sends from a MAC address of its own. A switch port with port security, 802.1X or a limit on the
    number of addresses drops frames from any but those it has learned, and does not tell the sender. The container asks for
    its neighbours by ARP, no other machine on the LAN receives the request, and the host, on the same cable, reaches
    everything. Some switches shut the port down at the first violation, and then the host is unreachable too. IPvlan suits
    such ports: all its containers send from the MAC address of the parent.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/macvlan/'],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops what comes in through the host's port from another MAC address",
  },

  hypothesis: {
    scopes: (view) => (isInCloud(view) ? [] : foreignMacs(view)),
    assume: cutByMac,
    unseen: () => 'the port of the switch',
    // Frames of the host pass the same port, so that it is their MAC address that decides.
    named: (view) => {
      const seen = foreignMac(view);
      return seen && { detail: seen, because: [...foreignMacSeen(view, seen), ...platformSeen(view.network)] };
    },
    test: machineKind,
  },

  detect(view) {
    const seen = foreignMac(view);
    const { names } = view.network;
    const { platform } = names;
    // Received elsewhere: then the return direction is filtered. A cloud carries no MAC address but its own.
    if (!seen?.heardBy || seen.heardBy.length > 0 || platform?.kind === 'cloud' || names.isWireless(seen.parent))
      return undefined;
    if (platform?.kind !== 'physical') return notKnown(names.hostName, platform, seen);
    return found<ForeignMac>({
      detail: seen,
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...foreignMacSeen(view, seen), ...platformSeen(view.network)],
    });
  },
  explain: ({ flow, container, parent }) =>
    `${complaint(flow)}: the switch port behind ${parent} drops frames from ${container.mac}, which is not the host's MAC address.`,
  remedy: ({ flow, container }) => [
    ...(flow.network ? [toIpvlan(flow.network, 'l2')] : []),
    advice('Let the port learn more MAC addresses (Cisco; other makers alike)', 'switch', [
      sh`# on the port of the host: switchport port-security maximum 20, and clear port-security sticky; one of them is ${container.mac}`,
    ]),
  ],
});

function notKnown(host: string, platform: PlatformFact | undefined, { flows }: ForeignMac) {
  return cannotTell({
    missing: platform
      ? `whether the virtual switch of ${platform.product} or a switch beyond it drops the frames`
      : `whether ${host} is a virtual machine`,
    explains: idsOf(flows),
    oneOf: ['switch-port-security', 'hypervisor-mac-filter'],
    test: on(
      host,
      sh`cat /sys/class/dmi/id/sys_vendor   # a hypervisor: look at its virtual switch first, else at the port's violation counters`,
    ),
  });
}
