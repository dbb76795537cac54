import { contains, overlap } from '../../../ip.js';
import type { Names } from '../../../network/names.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, type Remedy } from '../../cause.js';
import { createNetwork } from '../../remedies/create-network.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

/** An address or a subnet that Docker's IPAM did not take, with the network whose subnet overlaps. */
type Rejected = EngineError & { readonly overlapping: string | undefined };

export const ipamRejectsAddress = defineCause({
  id: 'ipam-rejects-address',
  title: "Docker's address management rejects an address or a subnet",
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['refusals', 'containers'],
  background: `
    Docker's IPAM gives out addresses before any link is created. It rejects a subnet that overlaps that of another Docker
    network. It also rejects a fixed address outside the network's subnets, an address that another container has, and a
    gateway outside its subnet. It has no information about addresses on the LAN. Docker 29.0.4 rejected IPv6 addresses
    that were not in its own notation.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://github.com/docker/for-linux/issues/1550',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('ipam-rejects-address', observed);
    const { names } = observed.network;
    return (
      seen && {
        ...seen,
        detail: { errors: seen.detail.errors.map((one) => ({ ...one, overlapping: overlapping(one, names) })) },
      }
    );
  },
  explain: ({ errors }) => explainErrors(errors, why),
  remedy: ({ errors }) => [
    ...errors.flatMap(remediesFor),
    advice('See which subnets and addresses Docker uses', 'docker', [
      sh`docker network inspect -f '{{.Name}}: {{range .IPAM.Config}}{{.Subnet}} {{end}}{{range .Containers}}{{.Name}} {{.IPv4Address}} {{.IPv6Address}} {{end}}' $(docker network ls -q)`,
    ]),
  ],
});

/** Another network with a subnet that overlaps. */
function overlapping({ network }: EngineError, { networks }: Names): string | undefined {
  return networks.find(
    (other) =>
      other.name !== network?.name &&
      other.subnets.some((theirs) => network?.subnets.some(({ subnet }) => overlap(subnet, theirs.subnet))),
  )?.name;
}

function why(one: Rejected): string {
  const subnets = (one.network?.subnets ?? []).map(({ subnet }) => subnet).join(' and ');
  const { message, container } = one.refusal;
  if (/overlaps/.test(message))
    return `${subnets} overlaps a subnet of ${one.overlapping ?? 'another network of Docker'}`;
  const outside = outsideAddress(one);
  if (outside !== undefined) return `${outside} is outside of ${one.network?.name}, which has ${subnets}`;
  if (/already in use/.test(message))
    return `${container?.addresses.join(' and ') ?? 'the address'} is already in use on ${one.network?.name}`;
  return `Docker's address management says "${message}"`;
}

/** The address that no subnet of the network contains. */
function outsideAddress({ network, words, refusal: { container } }: EngineError): string | undefined {
  const candidates = [words['address'] ?? '', ...(container?.addresses ?? [])];
  return candidates.find(
    (address) => address !== '' && network?.subnets.every(({ subnet }) => !contains(subnet, address)),
  );
}

function remediesFor({ network, refusal }: Rejected): readonly Remedy[] {
  if (!network) return [];
  if (refusal.step === 'create-network')
    return [
      advice('Create the network with a free subnet, and a gateway in it', 'docker', [
        createNetwork(network, {
          subnets: network.subnets.map(() => ({ subnet: placeholder('SUBNET'), gateway: undefined })),
        }),
      ]),
    ];
  const subnets = network.subnets.map(({ subnet }) => subnet).join(' or ');
  return [
    advice(`Give the container a free address in ${subnets}, or let Docker choose one`, 'docker', [
      sh`docker run --network ${network.name} --name ${refusal.container?.name ?? ''} ${placeholder('IMAGE')}`,
    ]),
  ];
}
