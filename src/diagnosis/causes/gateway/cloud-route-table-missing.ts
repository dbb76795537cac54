import { defineCause, found } from '../../cause.js';
import { perSubnet, routedSubnets } from '../../hypotheses/router.js';
import { cutOnWire, mayBeCloud } from '../../hypotheses/wire.js';
import { otherInstance } from '../../symptoms/lan-looks.js';
import { unansweredByRouter } from '../../symptoms/router-looks.js';
import { allowForwarding, providerRouteToHost } from '../../remedies/cloud-commands.js';
import { masqueradeInCloud } from '../../remedies/cloud-egress.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { cutOff, FABRIC_NEEDS, fabricSaw } from '../../symptoms/fabric.js';
import { platformSeen } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

export const cloudRouteTableMissing = defineCause({
  id: 'cloud-route-table-missing',
  title: "The cloud's route tables have no route to the container subnets",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  background: `
    In a cloud the provider's router connects the subnets, and the route tables hold its static routes. Each container
    subnet of an L3 network needs a route with the instance's network interface as its target. Without it the containers'
    packets arrive at other instances, and the replies are lost. On AWS EC2 add the route to the route table of every subnet
    that has to reply, also that of the NAT gateway (aws ec2 create-route --network-interface-id). In Azure add it to a
    route table associated with each subnet (next hop VirtualAppliance). On Google Cloud one route serves the whole network
    (--next-hop-address). The route alone is not enough. The source/destination check must be off, and security groups and
    ACLs must allow the container subnets. An internet gateway translates only addresses assigned to an interface, so the
    internet needs a NAT gateway, or an L3S network with a MASQUERADE rule on the host.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-networks-udr-overview',
    'https://cloud.google.com/vpc/docs/routes',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's gateway, which is not observed, stands for the cloud's router and loses its routes; the scenario names the cloud",
  },

  hypothesis: {
    scopes: (view) => (mayBeCloud(view) ? perSubnet(routedSubnets(view)) : []),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'in' }),
    // A router that asks by ARP for a next hop is no cloud's.
    contradicted: (view) => unansweredByRouter(view).length > 0,
    unseen: ({ network }) => `whether ${network.names.hostName} runs in a cloud whose route tables lead elsewhere`,
    test: otherInstance,
  },

  detect(view) {
    const seen = cutOff(view, isLayer3);
    const machine = view.network.names.platform;
    if (machine?.kind !== 'cloud' || !seen?.reached?.length) return undefined;
    return found<CloudDetail>({
      detail: { ...cloudTarget(view, seen.flows), flow: seen.flow },
      explains: idsOf(seen.flows),
      confidence: 'likely',
      because: [...fabricSaw(view, seen), ...platformSeen(view.network)],
    });
  },
  explain: ({ flow, host, product, subnets }) =>
    `${complaint(flow)}: no route table of ${product} routes ${subnets.join(' and ')} to ${host}, the address of this host, so replies are lost.`,
  remedy: (detail) => [
    ...providerRouteToHost(detail),
    ...allowForwarding(detail),
    ...openGroups(detail),
    ...(detail.flow.network ? [masqueradeInCloud(detail.node, detail.flow.network)] : []),
  ],
});
