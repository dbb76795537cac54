import type { NetworkFact, NodeFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { defineCause, found, on, type Remedy } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { isMismatched, taggingOf, type Tagging } from '../../symptoms/vlan.js';

/** A failing flow of a container on a VLAN that is not its network's. */
interface Mistagged extends Flow {
  readonly network: NetworkFact;
  readonly tagging: Tagging;
}

export const vlanTagMismatch = defineCause({
  id: 'vlan-tag-mismatch',
  title: "The parent's VLAN tag is not the one the switch port carries",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures'],
  background: `
    A parent such as eth0.30 puts VLAN tag 30 on every frame, and takes in only frames that carry it. The switch port, or the
    virtual switch of a hypervisor, must carry that VLAN tagged: an access port drops such frames, a trunk that does not
    list the VLAN too, and a port group that tags by itself makes two tags of it. The reverse is as silent: frames that come
    in tagged never reach a network on the untagged parent. Captured on the parent itself everything looks right; the tag
    shows on the link below. The host's own untagged traffic works all the while.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://wiki.linuxfoundation.org/networking/bridge'],

  detect(view) {
    const lost = failing(view.flows).flatMap((flow): Mistagged[] => {
      const { network, containerAddress: address } = flow;
      if (!network || address === undefined || !crossesParent(flow)) return [];
      const tagging = taggingOf(view, { network, address });
      return isMismatched(tagging) ? [{ ...flow, network, tagging }] : [];
    });
    const flow = telling(lost);
    if (!flow) return undefined;
    const networks = [...new Map(lost.map((one) => [one.network.name, one])).values()];
    const seen = networks.every(({ tagging }) => tagging.elsewhere ?? tagging.arriving ?? livesOn(view, tagging));
    return found({
      detail: { flow, networks, port: portOf(view.nodes) },
      explains: idsOf(lost),
      confidence: seen ? 'certain' : 'likely',
      because: networks.flatMap(({ network, tagging }) => observations(network, tagging)),
    });
  },
  explain: ({ flow }) => `${complaint(flow)}: ${reason(flow)}.`,
  remedy: ({ networks, port }) => [
    carry(networks, port),
    ...networks.map(({ network, tagging }) => rehang(network, tagging)),
  ],
});

/** Whether somebody who was seen lives on the very VLAN, so that it is the switch between that loses it. */
function livesOn(
  { nodes, links }: { nodes: readonly NodeFact[]; links: Parameters<typeof taggingOf>[0]['links'] },
  { tag }: Tagging,
) {
  const others = nodes.filter(({ kind }) => kind === 'gateway' || kind === 'peer');
  return others.some(({ name }) => links[name]?.some(({ vlan }) => vlan === tag));
}

function observations({ name, parent }: NetworkFact, { tag, lower, silent, elsewhere, arriving }: Tagging): string[] {
  return [
    ...(silent ? [`${lower}: frames with VLAN tag ${tag} leave, and none ever comes in; untagged ones do.`] : []),
    ...(elsewhere
      ? [
          `${elsewhere.node}: ${elsewhere.device}, ${tagText(elsewhere.tag)}, holds the subnet of ${name}, whose parent ${parent} is ${tagText(tag)}.`,
        ]
      : []),
    ...(arriving === undefined ? [] : [`${lower}: frames for ${name} come in with VLAN tag ${arriving}.`]),
  ];
}

function tagText(tag: number | undefined): string {
  return tag === undefined ? 'untagged' : `VLAN ${tag}`;
}

function reason({ network: { name, parent }, tagging: { tag, elsewhere, arriving }, ...flow }: Mistagged): string {
  const right = elsewhere ? elsewhere.tag : arriving;
  if (elsewhere ?? arriving)
    return `${name} hangs on ${parent}, ${tagText(tag)}, and its subnet ${subnetOfFlow({ ...flow, network: undefined }) ?? ''} lives on ${tagText(right)}`;
  return `the switch port of the host does not carry VLAN ${tag}, with which ${parent}, the parent of ${name}, tags every frame`;
}

/** The host's port of a switch that takes commands. */
function portOf(nodes: readonly NodeFact[]): { readonly node: string; readonly port: string } | undefined {
  const { name, ports } = nodeOfKind(nodes, 'switch') ?? {};
  const port = ports?.find(({ node }) => node === hostName(nodes))?.device;
  return name === undefined || port === undefined ? undefined : { node: name, port };
}

function carry(networks: readonly Mistagged[], port: ReturnType<typeof portOf>): Remedy {
  const tags = networks.flatMap(({ tagging }) => (tagging.elsewhere ? [] : (tagging.tag ?? [])));
  return {
    title:
      "Have the switch port carry the VLAN tagged (a trunk with that VLAN allowed; on a hypervisor: VLAN 4095, or the bridge port's list of trunks)",
    use: port && tags.length === networks.length ? 'run' : 'advice',
    commands: tags.map((tag) =>
      port
        ? on(
            port.node,
            sh`bridge vlan add vid ${tag} dev ${port.port}`,
            sh`bridge vlan del vid ${tag} dev ${port.port}`,
          )
        : on('switch', sh`# port of the Docker host: trunk, VLAN ${tag} tagged`),
    ),
  };
}

function rehang(network: NetworkFact, { lower, elsewhere, arriving }: Tagging): Remedy {
  const right = elsewhere ? elsewhere.tag : arriving;
  const parent = right === undefined ? lower : `${lower}.${right}`;
  const title =
    (elsewhere ?? arriving)
      ? 'Recreate the network on the VLAN its subnet lives on'
      : 'Or, on an access port, recreate the network on the untagged parent';
  return recreateNetwork(title, network, { parent });
}
