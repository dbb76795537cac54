import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on } from '../../cause.js';
import { FOREIGN_MAC_NEEDS, shunned, wireSaw, type Shunned } from '../../symptoms/foreign-mac.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { isWireless, platformOf, platformText } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

export const switchPortSecurity = defineCause({
  id: 'switch-port-security',
  title: "The switch port lets no other hardware address in than the host's",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['macvlan'],
  needs: FOREIGN_MAC_NEEDS,
  uses: ['platform'],
  background: `
    Every macvlan container sends from a hardware address of its own. A switch port with port security, 802.1X or a limit on
    the number of addresses drops what comes from any but those it has learned, without a word to the sender: the container
    asks for its neighbours by ARP, nobody else on the LAN ever hears it, and the host beside it, on the same cable, reaches
    everything. Some switches shut the port down at the first violation, and then the host is gone too. IPvlan was made for
    such ports: all its containers send from the hardware address of the parent.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/macvlan/'],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops what comes in by the host's port from another hardware address",
  },

  detect(view) {
    const seen = shunned(view);
    const machine = platformOf(view);
    // Heard elsewhere: then it is the way back that is filtered. A cloud carries no hardware address but its own.
    if (!seen || seen.heardBy?.length || machine?.kind === 'cloud' || isWireless(view, seen.parent)) return undefined;
    if (machine?.kind !== 'physical')
      return cannotTell({
        missing: machine
          ? `whether the virtual switch of ${machine.product} or a switch beyond it drops the frames`
          : `whether ${hostName(view.nodes)} is a virtual machine`,
        explains: idsOf(seen.flows),
        oneOf: ['switch-port-security', 'hypervisor-mac-filter'],
        test: on(
          hostName(view.nodes),
          sh`cat /sys/class/dmi/id/sys_vendor   # a hypervisor: look at its virtual switch first, else at the port's violation counters`,
        ),
      });
    return found<Shunned>({
      detail: seen,
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...wireSaw(view, seen), platformText(hostName(view.nodes), machine)],
    });
  },
  explain: ({ flow, container, parent }) =>
    `${complaint(flow)}: the switch port behind ${parent} drops frames from ${container.mac}, which is not the host's hardware address.`,
  remedy: ({ flow, container }) => [
    ...(flow.network ? [toIpvlan(flow.network, 'l2')] : []),
    advice('Or let the port learn more hardware addresses (Cisco; other makers alike)', 'switch', [
      sh`# on the port of the host: switchport port-security maximum 20, and clear port-security sticky; one of them is ${container.mac}`,
    ]),
  ],
});
