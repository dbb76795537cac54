import type { NetworkFact } from '../../../evidence/facts.js';
import type { NetworkState } from '../../../network/network-state.js';
import { sh } from '../../../shell.js';
import { defineCause, found, on, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { isMismatched, taggingOf, type Tagging } from '../../symptoms/vlan.js';

/** A failing flow of a container on a VLAN that is not its network's. */
interface Mistagged extends Flow {
  readonly network: NetworkFact;
  readonly tagging: Tagging;
}

/** A port of a switch. */
interface SwitchPortOf {
  readonly node: string;
  readonly port: string;
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
    virtual switch of a hypervisor, must carry that VLAN tagged. An access port drops such frames, and so does a trunk that
    does not list the VLAN; a port group that tags by itself adds a second tag. The reverse is as silent: frames that come
    in tagged never reach a network on the untagged parent. A capture on the parent itself shows no fault; the tag shows on
    the link below. The host's own untagged traffic keeps working.`,
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
      detail: { flow, networks, port: portOf(view.network) },
      explains: idsOf(lost),
      confidence: seen ? 'certain' : 'likely',
      because: networks.flatMap((one) => observations(names.hostName, one)),
    });
  },
  explain: ({ flow }) => `${complaint(flow)}: ${reason(flow)}.`,
  remedy: ({ networks, port }) => [
    carry(networks, port),
    ...networks.map(({ network, tagging }) => recreate(network, tagging)),
  ],
});

/** Whether a machine that was seen is on the very VLAN, so that it is the switch between that drops it. */
function isUsed({ names, links }: NetworkState, { tag }: Tagging): boolean {
  return names.onLan.some(({ name }) => links.of(name)?.some(({ vlan }) => vlan === tag));
}

function observations(node: string, { network, tagging }: Mistagged): readonly Observation[] {
  const { tag, lower, silent, elsewhere, arriving } = tagging;
  const at = { node, device: lower };
  return [
    ...(silent && tag !== undefined ? [{ kind: 'silent-vlan' as const, at, tag }] : []),
    ...(elsewhere
      ? [
          {
            kind: 'subnet-on-vlan' as const,
            at: { node: elsewhere.node, device: elsewhere.device },
            network: network.name,
            tag: elsewhere.tag,
          },
          { kind: 'parent-vlan' as const, at: { node, device: network.parent }, network: network.name, tag },
        ]
      : []),
    ...(arriving === undefined ? [] : [{ kind: 'frames-tagged' as const, at, network: network.name, tag: arriving }]),
  ];
}

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

/** The host's port of a switch that takes commands. */
function portOf({ names }: NetworkState): SwitchPortOf | undefined {
  const { name, ports } = names.switch ?? {};
  const port = ports?.find(({ node }) => node === names.hostName)?.device;
  return name === undefined || port === undefined ? undefined : { node: name, port };
}

function carry(networks: readonly Mistagged[], port: SwitchPortOf | undefined): Remedy {
  const tags = networks.flatMap(({ tagging }) => (tagging.elsewhere ? [] : (tagging.tag ?? [])));
  return {
    title:
      "Let the switch port carry the VLAN tagged (a trunk with that VLAN allowed; on a hypervisor: VLAN 4095, or the bridge port's list of trunks)",
    use: port && tags.length === networks.length ? 'run' : 'advice',
    commands: tags.map((tag) =>
      port
        ? { kind: 'vlan', on: port.node, do: 'add', port: port.port, vlan: tag }
        : on('switch', sh`# port of the Docker host: trunk, VLAN ${tag} tagged`),
    ),
  };
}

function recreate(network: NetworkFact, { lower, elsewhere, arriving }: Tagging): Remedy {
  const right = elsewhere ? elsewhere.tag : arriving;
  const parent = right === undefined ? lower : `${lower}.${right}`;
  const title =
    (elsewhere ?? arriving)
      ? 'Recreate the network on the VLAN its subnet is on'
      : 'Recreate the network on the untagged parent, where the switch port is an access port';
  return recreateNetwork(title, network, { parent });
}
