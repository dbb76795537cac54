import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf } from '../../flow-questions.js';
import { containerSubnets, perSubnet } from '../../hypotheses/router.js';
import { cutOnWire, isInCloud } from '../../hypotheses/wire.js';
import { otherInstance } from '../../symptoms/lan-looks.js';
import { openGroups } from '../../remedies/cloud-groups.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { FABRIC_NEEDS } from '../../symptoms/fabric.js';
import { platformSeen } from '../../symptoms/platform.js';
import { onParent, sighting } from '../../symptoms/wire.js';

export const securityGroupOrNacl = defineCause({
  id: 'security-group-or-nacl',
  title: 'A security group or network ACL does not let requests to the containers in',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: FABRIC_NEEDS,
  background: `
    A security group is a packet filter that the provider runs in front of a network card. It tracks what the card began, so
    replies to containers pass, and lets in what a rule names. Without a rule for their addresses no other machine can begin
    to talk to them, and no such packet arrives at the card. The groups of other instances must name the container subnets as
    a source in the same way. Network ACLs (AWS) filter between subnets and track nothing, so both directions need a rule.
    Flow logs show such packets as REJECT.`,
  see: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    'https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch lets replies through to the containers and drops what others begin; the scenario says which cloud",
  },

  hypothesis: {
    scopes: (view) => (isInCloud(view) ? perSubnet(containerSubnets(view)) : []),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'out' }),
    unseen: () => 'the security groups and network ACLs of the cloud',
    test: otherInstance,
  },

  detect(view) {
    const { names } = view.network;
    if (names.platform?.kind !== 'cloud') return undefined;
    const lost = failing(view.flows).filter((flow) => isUnsolicited(view, flow));
    const [flow] = lost;
    if (!flow) return undefined;
    const senders = [...new Set(lost.map(({ from }) => from.label))];
    return found<CloudDetail>({
      detail: { ...cloudTarget(view, lost), flow },
      explains: idsOf(lost),
      confidence: 'likely',
      because: [
        { kind: 'replies-only', at: { node: names.hostName, device: flow.network?.parent }, senders },
        ...platformSeen(view.network),
      ],
    });
  },
  explain: ({ flow, product, subnets }) =>
    `${complaint(flow)}: ${product} lets replies through to ${subnets.join(' and ')} and no requests, as a security group without a rule for them does.`,
  remedy: (detail) => openGroups(detail),
});

/** Others' packets never come to the parent, although the same others reply to the container. */
function isUnsolicited(view: Observed, flow: Flow): boolean {
  if (!crossesParent(flow) || flow.outbound || flow.peer === 'host') return false;
  const parent = onParent(view, flow, flow.network?.parent);
  const sender = view.observed.capture(flow.from.node?.name ?? '');
  const began = sender?.control === 'seen' ? sighting(flow, sender).requests.length > 0 : true;
  return parent.reliable && parent.requests.length === 0 && began && repliesTo(view.flows, flow);
}

function repliesTo(flows: readonly Flow[], { container, from }: Flow): boolean {
  return flows.some(
    (other) =>
      other.outbound &&
      other.arrival === 'all' &&
      other.container?.name === container?.name &&
      other.to.node?.name === from.node?.name,
  );
}
