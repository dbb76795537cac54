import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, type Remedy } from '../../cause.js';
import { FOREIGN_MAC_NEEDS, shunned, wireSaw, type Shunned } from '../../symptoms/foreign-mac.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { isWireless, platformOf, platformText } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

interface Detail extends Shunned {
  /** What the host runs on, when that is known. */
  readonly hypervisor: string | undefined;
}

export const hypervisorMacFilter = defineCause({
  id: 'hypervisor-mac-filter',
  title: "The hypervisor delivers to no other hardware address than the virtual machine's",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  uses: ['platform'],
  background: `
    A virtual switch knows the hardware address of each virtual network card and need not learn any. Frames for another
    address, such as a macvlan container's, are not for anybody it knows, and are dropped, while broadcasts reach everybody:
    the container's ARP requests are heard on the LAN and answered, and the answers never come back to the machine. VMware
    wants promiscuous mode (or MAC learning) and forged transmits accepted, Hyper-V MAC address spoofing, VirtualBox
    promiscuous mode "Allow All", and libvirt or Proxmox no MAC filter on the card. IPvlan needs none of that: its containers
    send from the card's own address.`,
  see: [
    'https://github.com/docker/docs/issues/15855',
    'https://learn.microsoft.com/en-us/windows-server/virtualization/hyper-v/plan/plan-hyper-v-networking-in-windows-server',
    'https://docs.kernel.org/networking/ipvlan.html',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch brings the host's port broadcasts, and of the rest only what is for the host's hardware address",
  },

  detect(view) {
    const seen = shunned(view);
    const machine = platformOf(view);
    if (!seen || machine?.kind === 'cloud' || machine?.kind === 'physical') return undefined;
    if (isWireless(view, seen.parent) || !seen.heardBy?.length) return undefined;
    return found<Detail>({
      detail: { ...seen, hypervisor: machine?.product },
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...wireSaw(view, seen), ...(machine ? [platformText(hostName(view.nodes), machine)] : [])],
    });
  },
  explain: ({ flow, container, hypervisor }) =>
    `${complaint(flow)}: what is sent to ${container.mac} never reaches this machine, for ${hypervisor ?? 'the hypervisor'} delivers only to the hardware address of its own network card.`,
  remedy: ({ flow, parent }) => [...(flow.network ? [toIpvlan(flow.network, 'l2')] : []), ...settings(parent)],
});

/** The switch to flip, by hypervisor. */
function settings(parent: string): readonly Remedy[] {
  return [
    advice('On VMware vSphere', 'hypervisor', [
      sh`esxcli network vswitch standard policy security set -v ${placeholder('VSWITCH')} --allow-promiscuous=true --allow-forged-transmits=true --allow-mac-change=true`,
    ]),
    advice('On Hyper-V', 'hypervisor', [sh`Set-VMNetworkAdapter -VMName ${placeholder('VM')} -MacAddressSpoofing On`]),
    advice('On VirtualBox', 'hypervisor', [sh`VBoxManage modifyvm ${placeholder('VM')} --nicpromisc1 allow-all`]),
    advice('On Proxmox VE', 'hypervisor', [
      sh`# VM > Firewall > Options: MAC filter off; in /etc/pve/firewall/VMID.fw: [OPTIONS] macfilter: 0`,
    ]),
    advice('On libvirt', 'hypervisor', [
      sh`virsh edit ${placeholder('VM')}   # remove <filterref filter='no-mac-spoofing'/> or clean-traffic from the interface; with macvtap: trustGuestRxFilters='yes', then in the machine: ip link set dev ${parent} promisc on`,
    ]),
  ];
}
