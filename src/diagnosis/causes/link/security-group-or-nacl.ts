import { defineCause, found, type View } from '../../cause.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { FABRIC_NEEDS, type FabricNeeds } from '../../symptoms/fabric.js';
import type { Flow } from '../../flow.js';
import { platformOf, platformText } from '../../symptoms/platform.js';
import { complaint, crossesParent, failing, idsOf } from '../../flow-questions.js';
import { hostName } from '../../reading.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

export const securityGroupOrNacl = defineCause({
  id: 'security-group-or-nacl',
  title: 'A security group or network ACL does not let the containers be reached',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: FABRIC_NEEDS,
  uses: ['platform'],
  background: `
    A security group is a packet filter the provider runs in front of a network card. It remembers what the card began, so
    that containers get answers, and lets in what a rule names: without one for their addresses nobody can begin to talk to
    them, and nothing of it is seen on the card. The groups of other instances must name the container subnets as a source
    in the same way. Network ACLs (AWS) filter between subnets and remember nothing, so that both directions need their rule.
    Flow logs show such packets as REJECT.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    'https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch lets answers through to the containers and drops what others begin; the scenario says which cloud",
  },

  detect(view) {
    const machine = platformOf(view);
    if (machine?.kind !== 'cloud') return undefined;
    const lost = failing(view.flows).filter((flow) => isUnsolicited(view, flow));
    const [flow] = lost;
    if (!flow) return undefined;
    const senders = [...new Set(lost.map(({ from }) => from.label))];
    return found<CloudDetail>({
      detail: { ...cloudTarget(view, lost), flow },
      explains: idsOf(lost),
      confidence: 'likely',
      because: [
        `${flow.network?.parent}: answers of ${senders.join(' and ')} to the containers come in, and what they begin themselves never does.`,
        platformText(hostName(view.nodes), machine),
      ],
    });
  },
  explain: ({ flow, product, subnets }) =>
    `${complaint(flow)}: ${product} lets answers through to ${subnets.join(' and ')} and nothing that others begin, as a security group without a rule for them does.`,
  remedy: (detail) => openGroups(detail),
});

/** Others' packets never come to the parent, although the same others answer the container. */
function isUnsolicited(view: View<FabricNeeds>, flow: Flow): boolean {
  if (!crossesParent(flow) || flow.outbound || flow.peer === 'host') return false;
  const parent = sighting(flow, captureAt(view.captures, hostName(view.nodes), flow.network?.parent));
  const sender = captureAt(view.captures, flow.from.node?.name ?? '');
  const began = sender?.control === 'seen' ? sighting(flow, sender).requests.length > 0 : true;
  return parent.reliable && parent.requests.length === 0 && began && answersIt(view.flows, flow);
}

function answersIt(flows: readonly Flow[], { container, from }: Flow): boolean {
  return flows.some(
    (other) =>
      other.outbound &&
      other.arrival === 'all' &&
      other.container?.name === container?.name &&
      other.to.node?.name === from.node?.name,
  );
}
