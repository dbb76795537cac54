import { sh } from '../../../shell.js';
import { cannotTell, defineCause, found, on, type View } from '../../cause.js';
import { allowForwarding, routeToHost } from '../../remedies/cloud-commands.js';
import { behindHost } from '../../remedies/cloud-egress.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { cutOff, FABRIC_NEEDS, fabricSaw, type CutOff, type FabricNeeds } from '../../symptoms/fabric.js';
import { platformOf, platformText } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';

export const cloudSourceDestCheck = defineCause({
  id: 'cloud-source-dest-check',
  title: "The cloud drops packets that are neither from nor for the instance's own addresses",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  uses: ['platform'],
  background: `
    A cloud checks every packet of an instance: its source, or its destination, must be an address the cloud assigned to that
    network card. Containers of an L3 network have addresses of their own, so that their packets leave the card and are
    dropped, and so is whatever is sent to them; the instance itself is fine. On AWS EC2 all of this is needed for an L3
    network: the source/destination check off on the instance's interface (Azure: IP forwarding on the NIC; Google Cloud:
    can-ip-forward); a route to each container subnet with that interface as its target, in the route table of every subnet
    of the VPC; security groups and network ACLs, on both sides, that name the container subnets; and for the internet a NAT
    that accepts them, for an internet gateway translates only addresses assigned to an interface: a NAT gateway whose own
    subnet routes the container subnets back to the instance, or the host itself, with the network in L3S mode and a
    MASQUERADE rule. Or avoid all of it: an L2 network whose containers get secondary private addresses of the interface
    (macvlan never works, for a cloud carries no hardware address but the interface's own), or L3S and MASQUERADE alone where
    containers only have to get out.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck',
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-network-network-interface#enable-or-disable-ip-forwarding',
    'https://cloud.google.com/vpc/docs/using-routes#canipforward',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops at the host's port what has other IP addresses than the host's own, and the scenario says which cloud the host is taken to run in",
  },

  detect(view) {
    const seen = cutOff(view, isLayer3);
    const machine = platformOf(view);
    if (!seen || seen.reached?.length || (machine && machine.kind !== 'cloud')) return undefined;
    if (!machine) return withoutPlatform(view, seen);
    if (seen.reached === undefined)
      return cannotTell({
        missing: 'whether what the containers send reaches any other instance',
        explains: idsOf(seen.flows),
        oneOf: ['cloud-source-dest-check', 'cloud-route-table-missing'],
        test: on(
          'another instance of the same subnet',
          sh`tcpdump -ni any host ${seen.flow.containerAddress ?? seen.flow.from.address}   # while the container pings it: silence is the check, requests without way back the route table`,
        ),
      });
    return found<CloudDetail>({
      detail: { ...cloudTarget(view, seen.flows), flow: seen.flow },
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...fabricSaw(view, seen), platformText(hostName(view.nodes), machine)],
    });
  },
  explain: ({ flow, host, product }) =>
    `${complaint(flow)}: ${product} carries for this host what is from or for ${host}, and drops what is from or for ${flow.containerAddress}.`,
  remedy: (detail) => [
    ...allowForwarding(detail),
    ...routeToHost(detail),
    ...openGroups(detail),
    ...(detail.flow.network ? [behindHost(detail.flow.network)] : []),
  ],
});

/** A router whose routes could not be seen fails in the same way as a cloud: what the host runs on decides. */
function withoutPlatform(view: View<FabricNeeds>, { flows }: CutOff) {
  const gateway = nodeOfKind(view.nodes, 'gateway')?.name ?? '';
  if (view.links[gateway]) return undefined;
  return cannotTell({
    missing: `what ${hostName(view.nodes)} runs on, and the gateway's routes`,
    explains: idsOf(flows),
    oneOf: ['gateway-missing-return-route', 'cloud-source-dest-check', 'cloud-route-table-missing'],
    test: on(
      hostName(view.nodes),
      sh`cat /sys/class/dmi/id/sys_vendor   # Amazon EC2, Microsoft Corporation, Google: a cloud`,
    ),
  });
}
