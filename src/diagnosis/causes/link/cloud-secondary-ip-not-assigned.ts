import type { NetworkFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { cannotTell, defineCause, found, on, type View } from '../../cause.js';
import { assignAddresses } from '../../remedies/cloud-commands.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { cutOff, FABRIC_NEEDS, fabricSaw, type CutOff, type FabricNeeds } from '../../symptoms/fabric.js';
import { shunned, wireSaw } from '../../symptoms/foreign-mac.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { platformOf, platformText } from '../../symptoms/platform.js';
import { complaint, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName } from '../../reading.js';

interface Detail extends CloudDetail {
  readonly addresses: readonly string[];
}

export const cloudSecondaryIpNotAssigned = defineCause({
  id: 'cloud-secondary-ip-not-assigned',
  title: "The containers' addresses are not assigned to the instance's network card",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: FABRIC_NEEDS,
  uses: ['platform'],
  background: `
    A cloud's network is no Ethernet: it answers ARP itself, and delivers only to addresses it has assigned to a network
    card. A container in L2 mode with an address of the subnet reaches its siblings on the same host and nobody else: its
    requests leave and are dropped, and what is sent to it never comes. Each container's address must be assigned to the
    card as a secondary private address (AWS: assign-private-ip-addresses; Azure: another ipConfig; Google Cloud: an alias
    range), and kept out of the hands of others with --ip-range and --aux-address. macvlan never works, for its containers
    send from hardware addresses the cloud does not know. Hypervisors with IP filters (libvirt's clean-traffic, Proxmox'
    ipfilter, Neutron's port security) do the same.`,
  see: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/MultipleIP.html',
    'https://github.com/aws-samples/eks-install-guide-for-multus',
    'https://github.com/moby/libnetwork/issues/1917',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch carries only the host's own IP addresses at its port and lets nobody's ARP for others reach it; the scenario says which cloud",
  },

  detect(view) {
    const machine = platformOf(view);
    const seen = cutOff(view, isLayer2);
    if (seen && !seen.reached?.length && machine?.kind === 'cloud')
      return foundIn(view, seen, [...fabricSaw(view, seen), platformText(hostName(view.nodes), machine)]);
    const unheard = machine?.kind === 'cloud' ? shunned(view) : undefined;
    if (unheard && machine)
      return foundIn(view, unheard, [...wireSaw(view, unheard), platformText(hostName(view.nodes), machine)]);
    return machine === undefined && seen?.reached === undefined && seen ? notKnown(view, seen) : undefined;
  },
  explain: ({ flow, product }) =>
    `${complaint(flow)}: ${product} delivers only addresses that are assigned to the host's network card, and ${flow.containerAddress} is not.`,
  remedy: (detail) => [
    ...(detail.flow.network?.driver === 'macvlan' ? [toIpvlan(detail.flow.network, 'l2')] : []),
    ...assignAddresses(detail, detail.addresses),
  ],
});

function isLayer2(network: NetworkFact | undefined): boolean {
  return network !== undefined && network.driver !== 'bridge' && !isLayer3(network);
}

function foundIn(view: View<FabricNeeds>, { flows, flow }: Pick<CutOff, 'flows' | 'flow'>, because: readonly string[]) {
  const addresses = [...new Set(flows.flatMap(({ containerAddress }) => containerAddress ?? []))];
  return found<Detail>({
    detail: { ...cloudTarget(view, []), flow, addresses },
    explains: idsOf(flows),
    confidence: 'likely',
    because,
  });
}

function notKnown(view: View<FabricNeeds>, { flows, flow }: CutOff) {
  return cannotTell({
    missing: `what ${hostName(view.nodes)} runs on, and whether anything it sends for ${flow.containerAddress} arrives`,
    explains: idsOf(flows),
    oneOf: ['cloud-secondary-ip-not-assigned'],
    test: on(
      hostName(view.nodes),
      sh`ip addr add ${flow.containerAddress ?? flow.from.address}/32 dev ${flow.network?.parent ?? ''}   # without the container: if the host is not answered from there either, the network filters by address`,
    ),
  });
}
