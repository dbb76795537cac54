import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { carryVlan, switchPort, toRightVlan } from '../../remedies/carry-vlan.js';
import { isMismatched, isUsed, taggingOf, taggingSeen, type TaggedNetwork } from '../../symptoms/vlan.js';

/** A failing flow of a container on a VLAN that is not its network's. */
type Mistagged = Flow & TaggedNetwork;

export const vlanTagMismatch = defineCause({
  id: 'vlan-tag-mismatch',
  title: "The parent's VLAN tag is not the one the switch port carries",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures'],
  background: `
    A parent such as eth0.30 puts VLAN tag 30 on every frame, and takes in only frames that carry it. The switch port, or
    the virtual switch of a hypervisor, must carry that VLAN tagged. An access port drops such frames, and so does a trunk
    that does not list the VLAN; a port group that tags by itself adds a second tag. The reverse gives no error either:
    frames that come in tagged never reach a network on the untagged parent. A capture on the parent itself shows no fault;
    the tag shows on the link below. The host's own untagged traffic keeps working.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://wiki.linuxfoundation.org/networking/bridge'],

  detect(view) {
    const { names } = view.network;
    const lost = failing(view.flows).flatMap((flow): Mistagged[] => {
      const { network, containerAddress: address } = flow;
      if (!network || address === undefined || !crossesParent(flow)) return [];
      const tagging = taggingOf(view, { network, address });
      return isMismatched(tagging) ? [{ ...flow, network, tagging }] : [];
    });
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [one.network.name, one])).values()];
    const seen = networks.every(
      ({ tagging }) => tagging.elsewhere ?? tagging.arriving ?? isUsed(view.network, tagging),
    );
    return found({
      about: flow,
      detail: { flow, networks, port: switchPort(view.network) },
      explains: idsOf(lost),
      confidence: seen ? 'certain' : 'likely',
      because: networks.flatMap((one) => taggingSeen(names.hostName, one)),
    });
  },
  explain: ({ flow }) => `${complaint(flow)}: ${reason(flow)}.`,
  remedy: ({ networks, port }) => [carryVlan(networks, port), ...networks.map(toRightVlan)],
});

function tagText(tag: number | undefined): string {
  return tag === undefined ? 'untagged' : `VLAN ${tag}`;
}

function reason(flow: Mistagged): string {
  const { name, parent } = flow.network;
  const { tag, elsewhere, arriving } = flow.tagging;
  const right = elsewhere ? elsewhere.tag : arriving;
  if (elsewhere ?? arriving)
    return `${name} is attached to ${parent}, ${tagText(tag)}, and its subnet ${subnetOfFlow(flow) ?? ''} is on ${tagText(right)}`;
  return `the switch port of the host does not carry VLAN ${tag}, with which ${parent}, the parent of ${name}, tags every frame`;
}
