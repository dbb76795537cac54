import { defineCause, found } from '../../cause.js';
import { allowForwarding, routeToHost } from '../../remedies/cloud-commands.js';
import { masqueradeInCloud } from '../../remedies/cloud-egress.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { cutOff, FABRIC_NEEDS, fabricSaw } from '../../symptoms/fabric.js';
import { platformSeen } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

export const cloudRouteTableMissing = defineCause({
  id: 'cloud-route-table-missing',
  title: "The cloud's route tables do not know the container subnets",
  layer: 'gateway',
  kind: 'fault',
  hop: 'gateway-route-back',
  appliesTo: ['ipvlan'],
  needs: FABRIC_NEEDS,
  uses: ['platform'],
  background: `
    In a cloud the router between subnets is the provider's, and its static routes are the route tables. Without an entry for
    each container subnet, with the instance's network interface as the target, nobody can answer containers of an L3
    network: their packets arrive at other instances, and the answers go nowhere. On AWS EC2 the entry belongs into the route
    table of every subnet that shall answer, the NAT gateway's own included (aws ec2 create-route --network-interface-id); in
    Azure into a route table associated with each subnet (next hop VirtualAppliance); on Google Cloud one route serves the
    whole network (--next-hop-address). The route alone is not enough: the source/destination check must be off, security
    groups and ACLs must name the container subnets, and an internet gateway still translates only addresses assigned to an
    interface, so that the internet takes a NAT gateway or an L3S network with a MASQUERADE rule on the host.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    'https://learn.microsoft.com/en-us/azure/virtual-network/virtual-networks-udr-overview',
    'https://cloud.google.com/vpc/docs/routes',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's gateway, which nobody looks into, stands for the cloud's router and loses its routes; the scenario says which cloud",
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
    `${complaint(flow)}: no route table of ${product} leads ${subnets.join(' and ')} to this host's ${host}, so that answers go nowhere.`,
  remedy: (detail) => [
    ...routeToHost(detail),
    ...allowForwarding(detail),
    ...openGroups(detail),
    ...(detail.flow.network ? [masqueradeInCloud(detail.node, detail.flow.network)] : []),
  ],
});
