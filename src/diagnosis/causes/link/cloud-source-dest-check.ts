import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { perSubnet, routedSubnets } from '../../hypotheses/router.js';
import { cutOnWire, mayBeCloud } from '../../hypotheses/wire.js';
import { allowForwarding, providerRouteToHost } from '../../remedies/cloud-commands.js';
import { masqueradeInCloud } from '../../remedies/cloud-egress.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { otherInstance } from '../../symptoms/lan-looks.js';
import { unansweredByRouter } from '../../symptoms/router-looks.js';
import { cutOff, FABRIC_NEEDS, fabricSaw } from '../../symptoms/fabric.js';
import { platformSeen } from '../../symptoms/platform.js';

export const cloudSourceDestCheck = defineCause({
  id: 'cloud-source-dest-check',
  title: "The cloud drops packets that are neither from nor for the instance's own addresses",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  background: `
    A cloud checks every packet of an instance: its source, or its destination, must be an address the cloud assigned to that
    network card. Containers of an L3 network have addresses of their own, so their packets leave the card and are dropped,
    and so are packets for them. The instance itself works. On AWS EC2 an L3 network needs all of this: the
    source/destination check off on the instance's interface (Azure: IP forwarding on the NIC; Google Cloud: can-ip-forward);
    a route to each container subnet with that interface as its target, in the route table of every subnet of the VPC; and
    security groups and network ACLs, on both sides, that name the container subnets. The internet needs a NAT that accepts
    them, because an internet gateway translates only addresses assigned to an interface. That is a NAT gateway whose own
    subnet routes the container subnets back to the instance, or the host itself, with the network in L3S mode and a
    MASQUERADE rule. To avoid all of it, use an L2 network whose containers get secondary private addresses of the interface
    (macvlan never works, because a cloud carries only the interface's MAC address). Where containers only have to get out,
    L3S and MASQUERADE alone will do.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck',
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-network-network-interface#enable-or-disable-ip-forwarding',
    'https://cloud.google.com/vpc/docs/using-routes#canipforward',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch drops at the host's port what has other IP addresses than the host's own, and the scenario says which cloud the host is taken to run in",
  },

  hypothesis: {
    scopes: (view) => (mayBeCloud(view) ? perSubnet(routedSubnets(view)) : []),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'both' }),
    // A router that asks by ARP for a next hop is no cloud's.
    contradicted: (view) => unansweredByRouter(view).length > 0,
    unseen: ({ network }) => `whether ${network.names.hostName} runs in a cloud that drops what is not its own address`,
    test: otherInstance,
  },

  detect(view) {
    const seen = cutOff(view, isLayer3);
    const { platform } = view.network.names;
    if (!seen || seen.reached?.length || (platform && platform.kind !== 'cloud')) return undefined;
    if (!platform || seen.reached === undefined) return undefined;
    return found<CloudDetail>({
      detail: { ...cloudTarget(view, seen.flows), flow: seen.flow },
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...fabricSaw(view, seen), ...platformSeen(view.network)],
    });
  },
  explain: ({ flow, host, product }) =>
    `${complaint(flow)}: ${product} carries packets from and to ${host} for this host, and drops those from and to ${flow.containerAddress}.`,
  remedy: (detail) => [
    ...allowForwarding(detail),
    ...providerRouteToHost(detail),
    ...openGroups(detail),
    ...(detail.flow.network ? [masqueradeInCloud(detail.node, detail.flow.network)] : []),
  ],
});
