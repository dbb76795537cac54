import { isLayer3 } from '../../../network/networks.js';
import { placeholder, embedded, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { complaint, idsOf, ownLink } from '../../flow-questions.js';
import { cutOnWire, filteredAddresses, isInCloud } from '../../hypotheses/wire.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { addressOnHost } from '../../symptoms/lan-looks.js';
import { cutOff, FABRIC_NEEDS, fabricSaw } from '../../symptoms/fabric.js';

export const gatewayRejectsManyIpsPerMac = defineCause({
  id: 'gateway-rejects-many-ips-per-mac',
  title: 'The network accepts only one IP address from each MAC address',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  background: `
    IPvlan containers in L2 mode all send from the parent's MAC address, each from an IP address of its own. Switches with
    IP source guard, access points, hypervisors' IP filters and home routers that keep a list of devices expect one IP address
    for each MAC address, learn the host's and drop the rest. The host gets replies, its containers' packets leave and
    arrive nowhere, and macvlan, which a filter of MAC addresses would stop, works there. To make sure, give a container's
    address to the host itself for a moment: if there is no reply either, it is not IPvlan.`,
  see: ['https://datatracker.ietf.org/doc/html/rfc7039', 'https://docs.kernel.org/networking/ipvlan.html'],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops IP packets from the host's port under any other address than the host's own",
  },

  hypothesis: {
    scopes: (view) =>
      isInCloud(view) ? [] : filteredAddresses(view, (network) => network.driver === 'ipvlan' && !isLayer3(network)),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'out' }),
    unseen: () => 'whether the switch or access point carries more than one IP address for a MAC address',
    test: addressOnHost,
  },

  detect(view) {
    const { hostName: host, platform } = view.network.names;
    if (platform?.kind === 'cloud') return undefined;
    const seen = cutOff(view, (network) => network?.driver === 'ipvlan' && !isLayer3(network));
    if (!seen || seen.reached?.length) return undefined;
    const { flow, flows } = seen;
    // A port that has changed its mode since gives its containers another way out.
    if (ownLink(view.network, flow)?.mode !== flow.network?.mode) return undefined;
    if (seen.reached === undefined) return undefined;
    return found({
      detail: { flow, host },
      explains: idsOf(flows),
      confidence: 'likely',
      because: fabricSaw(view, seen),
    });
  },
  explain: ({ flow, host }) =>
    `${complaint(flow)}: the network accepts only one IP address from the MAC address of ${host}, and drops packets from ${flow.containerAddress}.`,
  remedy: ({ flow }) => [
    advice('Bind the address to the switch port too, or turn IP source guard off on it', 'switch', [
      sh`ip source binding ${placeholder('MAC')} vlan ${placeholder('VLAN')} ${embedded`${flow.containerAddress ?? flow.from.address}`} interface ${placeholder('PORT')}   # Cisco; or: no ip verify source`,
    ]),
    advice('Allow the address on the virtual card, on a hypervisor', 'hypervisor', [
      sh`# Proxmox VE: add ${flow.containerAddress ?? flow.from.address} to the IP set ipfilter-net0; libvirt: the parameter IP of the filter, with that value`,
    ]),
    ...(flow.network
      ? [
          recreateNetwork(
            'Recreate the network in L3 mode, and add a route to it on the gateway: then only the host is on the LAN',
            flow.network,
            {
              mode: 'l3',
              subnets: flow.network.subnets.map(() => ({
                subnet: placeholder('SUBNET_OF_ITS_OWN'),
                gateway: undefined,
              })),
            },
          ),
        ]
      : []),
  ],
});
