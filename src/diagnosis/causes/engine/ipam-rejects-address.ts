import type { Facts } from '../../../evidence/facts.js';
import { contains, overlap } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

export const ipamRejectsAddress = defineCause({
  id: 'ipam-rejects-address',
  title: "Docker's address management refuses an address or a subnet",
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  uses: ['networks'],
  background: `
    Before any link is made Docker's IPAM hands out addresses. It refuses a subnet that overlaps one of another of its
    networks, a fixed address outside the network's subnets, one that another container has, and a gateway outside its
    subnet. It knows nothing of addresses on the LAN. Docker 29.0.4 refused IPv6 addresses that were written otherwise than it writes them.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://github.com/docker/for-linux/issues/1550',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const no = refusedAs('ipam-rejects-address', view);
    return (
      no && { ...no, detail: { refused: no.detail.refused.map((one) => ({ ...one, rival: rivalOf(one, view) })) } }
    );
  },
  explain: ({ refused }) => explainRefused(refused, why),
  remedy: ({ refused }) => [
    ...refused.flatMap(remediesFor),
    advice('See which subnets and addresses Docker has given away', 'docker', [
      sh`docker network inspect -f '{{.Name}}: {{range .IPAM.Config}}{{.Subnet}} {{end}}{{range .Containers}}{{.Name}} {{.IPv4Address}} {{.IPv6Address}} {{end}}' $(docker network ls -q)`,
    ]),
  ],
});

/** The network whose subnet is in the way. */
function rivalOf({ network }: Refused, { networks = [] }: Partial<Pick<Facts, 'networks'>>): string | undefined {
  return networks.find(
    (other) =>
      other.name !== network?.name &&
      other.subnets.some((theirs) => network?.subnets.some(({ subnet }) => overlap(subnet, theirs.subnet))),
  )?.name;
}

type Rejected = Refused & { readonly rival: string | undefined };

function why(one: Rejected): string {
  const subnets = (one.network?.subnets ?? []).map(({ subnet }) => subnet).join(' and ');
  const { message, container } = one.refusal;
  if (/overlaps/.test(message)) return `${subnets} overlaps a subnet of ${one.rival ?? 'another of its networks'}`;
  const outside = strayAddress(one);
  if (outside !== undefined) return `${outside} lies outside of ${one.network?.name}, which has ${subnets}`;
  if (/already in use/.test(message))
    return `${container?.addresses.join(' and ') ?? 'the address'} is given away already on ${one.network?.name}`;
  return `Docker's address management says "${message}"`;
}

/** The address that no subnet of the network contains. */
function strayAddress({ network, words, refusal: { container } }: Refused): string | undefined {
  const candidates = [words['address'] ?? '', ...(container?.addresses ?? [])];
  return candidates.find(
    (address) => address !== '' && network?.subnets.every(({ subnet }) => !contains(subnet, address)),
  );
}

function remediesFor(one: Rejected): readonly Remedy[] {
  const { network, refusal } = one;
  if (!network) return [];
  if (refusal.step === 'create-network')
    return [
      advice('Create the network with a subnet that is free, and a gateway within it', 'docker', [
        createNetwork(network, {
          subnets: network.subnets.map(() => ({ subnet: placeholder('SUBNET'), gateway: undefined })),
        }),
      ]),
    ];
  const subnets = network.subnets.map(({ subnet }) => subnet).join(' or ');
  return [
    advice(`Give the container a free address in ${subnets}, or none, so that Docker chooses`, 'docker', [
      sh`docker run --network ${network.name} --name ${refusal.container?.name ?? ''} ${placeholder('IMAGE')}`,
    ]),
  ];
}
