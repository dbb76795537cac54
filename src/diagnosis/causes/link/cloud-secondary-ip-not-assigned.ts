import type { NetworkFact } from '../../../evidence/facts.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found, type Observed } from '../../cause.js';
import { complaint, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { cutOnWire, filteredAddresses, mayBeCloud } from '../../hypotheses/wire.js';
import { addressOnHost } from '../../symptoms/lan-looks.js';
import { assignAddresses } from '../../remedies/cloud-commands.js';
import { cloudTarget, type CloudDetail } from '../../remedies/cloud-target.js';
import { toIpvlan } from '../../remedies/one-mac.js';
import { cutOff, FABRIC_NEEDS, fabricSaw, type CutOff } from '../../symptoms/fabric.js';
import { foreignMac, foreignMacSeen } from '../../symptoms/foreign-mac.js';
import { platformSeen } from '../../symptoms/platform.js';

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
  background: `
    A cloud's network is not Ethernet: it answers ARP itself, and delivers only to addresses it has assigned to a network
    card. A container in L2 mode with an address of the subnet reaches its siblings on the same host and nothing else: its
    requests leave and are dropped, and packets for it never arrive. Each container's address must be assigned to the
    card as a secondary private address (AWS: assign-private-ip-addresses; Azure: another ipConfig; Google Cloud: an alias
    range), and kept away from others with --ip-range and --aux-address. macvlan never works, because its containers
    send from MAC addresses that the cloud has not assigned. Hypervisors with IP filters (libvirt's clean-traffic, Proxmox'
    ipfilter, Neutron's port security) do the same.`,
  see: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/MultipleIP.html',
    'https://github.com/aws-samples/eks-install-guide-for-multus',
    'https://github.com/moby/libnetwork/issues/1917',
  ],
  reproduced: {
    by: 'emulation',
    how: "the site's switch carries only the host's own IP addresses at its port and lets no ARP request for others reach it; the scenario says which cloud",
  },

  hypothesis: {
    scopes: (view) => (mayBeCloud(view) ? filteredAddresses(view, isLayer2) : []),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'both' }),
    unseen: ({ network }) => `whether ${network.names.hostName} runs in a cloud that delivers assigned addresses only`,
    test: addressOnHost,
  },

  detect(view) {
    const { platform } = view.network.names;
    const seen = cutOff(view, isLayer2);
    const inCloud = platform?.kind === 'cloud';
    if (seen && !seen.reached?.length && inCloud) return foundIn(view, seen, fabricSaw(view, seen));
    const unheard = inCloud ? foreignMac(view) : undefined;
    if (unheard) return foundIn(view, unheard, foreignMacSeen(view, unheard));
    return undefined;
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

function foundIn(view: Observed, { flows, flow }: Pick<CutOff, 'flows' | 'flow'>, because: readonly Observation[]) {
  const addresses = [...new Set(flows.flatMap(({ containerAddress }) => containerAddress ?? []))];
  return found<Detail>({
    detail: { ...cloudTarget(view, []), flow, addresses },
    explains: idsOf(flows),
    confidence: 'likely',
    because: [...because, ...platformSeen(view.network)],
  });
}
