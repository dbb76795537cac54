import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Remedy } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { FOREIGN_MAC_NEEDS, foreignMac, foreignMacSeen, type ForeignMac } from '../../symptoms/foreign-mac.js';
import { platformSeen } from '../../symptoms/platform.js';
import { cutByMac, isInCloud } from '../../hypotheses/wire.js';
import { foreignMacs, isPhysical, machineKind } from '../../symptoms/lan-looks.js';

interface Detail extends ForeignMac {
  /** What the host runs on, when that is known. */
  readonly hypervisor: string | undefined;
}

export const hypervisorMacFilter = defineCause({
  id: 'hypervisor-mac-filter',
  title: "The hypervisor delivers to no other MAC address than the virtual machine's",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  background: `
    A virtual switch knows the MAC address of each virtual network card and does not learn others. It drops frames for another
    address, such as a macvlan container's, while broadcasts reach every port. So machines on the LAN receive the container's
    ARP requests and reply, and the replies never come back to the machine. VMware needs promiscuous mode (or MAC learning)
    and forged transmits accepted, Hyper-V MAC address spoofing, VirtualBox promiscuous mode "Allow All", and libvirt or
    Proxmox no MAC filter on the card. IPvlan needs none of that: its containers send from the card's own address.`,
  see: [
    'https://github.com/docker/docs/issues/15855',
    'https://learn.microsoft.com/en-us/windows-server/virtualization/hyper-v/plan/plan-hyper-v-networking-in-windows-server',
    'https://docs.kernel.org/networking/ipvlan.html',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch brings the host's port broadcasts, and of the rest only what is for the host's MAC address",
  },

  hypothesis: {
    scopes: (view) => (isInCloud(view) || isPhysical(view) ? [] : foreignMacs(view)),
    assume: cutByMac,
    unseen: () => 'the virtual switch of the hypervisor',
    // Frames of the host pass the same port, so that it is their MAC address that decides.
    named: (view) => {
      const seen = foreignMac(view);
      return (
        seen && {
          detail: { ...seen, hypervisor: view.network.names.platform?.product },
          because: [...foreignMacSeen(view, seen), ...platformSeen(view.network)],
        }
      );
    },
    test: machineKind,
  },

  detect(view) {
    const seen = foreignMac(view);
    const { names } = view.network;
    const machine = names.platform;
    if (!seen || machine?.kind === 'cloud' || machine?.kind === 'physical') return undefined;
    if (names.isWireless(seen.parent) || !seen.heardBy?.length) return undefined;
    return found<Detail>({
      detail: { ...seen, hypervisor: machine?.product },
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...foreignMacSeen(view, seen), ...platformSeen(view.network)],
    });
  },
  explain: ({ flow, container, hypervisor }) =>
    `${complaint(flow)}: frames for ${container.mac} never reach this machine, because ${hypervisor ?? 'the hypervisor'} delivers only to the MAC address of its own network card.`,
  remedy: ({ flow, parent }) => [...(flow.network ? [toIpvlan(flow.network, 'l2')] : []), ...settings(parent)],
});

/** The setting to change, by hypervisor. */
function settings(parent: string): readonly Remedy[] {
  return [
    advice('Allow other MAC addresses on the virtual card (VMware vSphere)', 'hypervisor', [
      sh`esxcli network vswitch standard policy security set -v ${placeholder('VSWITCH')} --allow-promiscuous=true --allow-forged-transmits=true --allow-mac-change=true`,
    ]),
    advice('Allow other MAC addresses on the virtual card (Hyper-V)', 'hypervisor', [
      sh`Set-VMNetworkAdapter -VMName ${placeholder('VM')} -MacAddressSpoofing On`,
    ]),
    advice('Allow other MAC addresses on the virtual card (VirtualBox)', 'hypervisor', [
      sh`VBoxManage modifyvm ${placeholder('VM')} --nicpromisc1 allow-all`,
    ]),
    advice('Allow other MAC addresses on the virtual card (Proxmox VE)', 'hypervisor', [
      sh`# VM > Firewall > Options: MAC filter off; in /etc/pve/firewall/VMID.fw: [OPTIONS] macfilter: 0`,
    ]),
    advice('Allow other MAC addresses on the virtual card (libvirt)', 'hypervisor', [
      sh`virsh edit ${placeholder('VM')}   # remove <filterref filter='no-mac-spoofing'/> or clean-traffic from the interface; with macvtap: trustGuestRxFilters='yes', then in the machine: ip link set dev ${parent} promisc on`,
    ]),
  ];
}
