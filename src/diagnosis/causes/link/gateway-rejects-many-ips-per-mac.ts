import { placeholder, embedded, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, on } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { ownLink } from '../../symptoms/own-link.js';
import { cutOff, FABRIC_NEEDS, fabricSaw } from '../../symptoms/fabric.js';
import { platformOf } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName } from '../../reading.js';

export const gatewayRejectsManyIpsPerMac = defineCause({
  id: 'gateway-rejects-many-ips-per-mac',
  title: 'The network takes one IP address only from a hardware address',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  uses: ['platform'],
  background: `
    IPvlan containers in L2 mode all send from the parent's hardware address, each from an IP address of its own. Switches with
    IP source guard, access points, hypervisors' IP filters and home routers that keep a list of devices expect one IP address
    for each hardware address, learn the host's and drop the rest. The host is answered, its containers' packets leave and
    reach nobody, and macvlan, which a filter of hardware addresses would stop, works there. To make sure, give a container's
    address to the host itself for a moment: if that is not answered either, it is not IPvlan.`,
  see: ['https://datatracker.ietf.org/doc/html/rfc7039', 'https://docs.kernel.org/networking/ipvlan.html'],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops IP packets from the host's port under any other address than the host's own",
  },

  detect(view) {
    if (platformOf(view)?.kind === 'cloud') return undefined;
    const seen = cutOff(view, (network) => network?.driver === 'ipvlan' && !isLayer3(network));
    if (!seen || seen.reached?.length) return undefined;
    const { flow, flows } = seen;
    // A port that has changed its mode since gives its containers another way out.
    if (ownLink(flow, view.links)?.mode !== flow.network?.mode) return undefined;
    const host = hostName(view.nodes);
    if (seen.reached === undefined)
      return cannotTell({
        missing: `whether anything ${host} sends for ${flow.containerAddress} arrives anywhere`,
        explains: idsOf(flows),
        oneOf: ['gateway-rejects-many-ips-per-mac', 'stale-neighbour-cache', 'cloud-secondary-ip-not-assigned'],
        test: on(
          host,
          sh`ip addr add ${flow.containerAddress ?? flow.from.address}/32 dev ${flow.network?.parent ?? ''}   # without the container: if the host is not answered from there either, the network filters by address`,
        ),
      });
    return found({
      detail: { flow, host },
      explains: idsOf(flows),
      confidence: 'likely',
      because: fabricSaw(view, seen),
    });
  },
  explain: ({ flow, host }) =>
    `${complaint(flow)}: the network takes packets from the hardware address of ${host} under the host's own IP address only, and ${flow.containerAddress} is another.`,
  remedy: ({ flow }) => [
    advice('On the switch: bind the address to the port too, or take source guard off it', 'switch', [
      sh`ip source binding ${placeholder('MAC')} vlan ${placeholder('VLAN')} ${embedded`${flow.containerAddress ?? flow.from.address}`} interface ${placeholder('PORT')}   # Cisco; or: no ip verify source`,
    ]),
    advice('On a hypervisor: allow the address on the virtual card', 'hypervisor', [
      sh`# Proxmox VE: add ${flow.containerAddress ?? flow.from.address} to the IP set ipfilter-net0; libvirt: the parameter IP of the filter, with that value`,
    ]),
    ...(flow.network
      ? [
          recreateNetwork(
            'Or have nothing but the host on the LAN: a network in L3 mode, and a route to it on the gateway',
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
