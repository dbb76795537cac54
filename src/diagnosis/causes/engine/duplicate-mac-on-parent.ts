import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { askedMac, macHolder, type MacHolder } from '../../symptoms/duplicate-mac.js';
import { engineErrors, explainErrors, type EngineError } from '../../symptoms/engine-errors.js';

/** An error, with the MAC address its container asks for and what has it. */
interface DuplicateMac extends EngineError {
  readonly mac: string | undefined;
  readonly holder: MacHolder | undefined;
}

export const duplicateMacOnParent = defineCause({
  id: 'duplicate-mac-on-parent',
  title: 'Two containers on one parent ask for the same MAC address',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['macvlan'],
  needs: ['refusals', 'containers'],
  background: `
    macvlan delivers frames by MAC address, so that each address can be on one link of a parent only. The kernel does not set a
    second link up that has the MAC address of another one. Docker and Podman then say "address already in use" and name neither
    the address nor the other container. It happens where a compose file was copied with its mac_address, where a tool recreates
    containers with the MAC addresses they had, and where a virtual machine on the same parent has the address.`,
  see: [
    'https://github.com/containers/netavark/issues/1308',
    'https://github.com/moby/libnetwork/issues/2273',
    'https://docs.docker.com/engine/network/drivers/macvlan/',
  ],

  reproduced: { by: 'scenario' },

  detect(observed) {
    const seen = engineErrors('duplicate-mac-on-parent', observed);
    if (!seen) return undefined;
    const { network } = observed;
    const errors = seen.detail.errors.map((one): DuplicateMac => {
      const container = network.names.container(one.refusal.container?.name);
      return { ...one, mac: askedMac(container, one.refusal), holder: macHolder(network, one.refusal) };
    });
    return {
      ...seen,
      detail: { errors },
      because: [
        ...seen.because,
        ...errors.flatMap(({ holder }) => (holder ? [{ kind: 'mac-held' as const, ...holder }] : [])),
      ],
    };
  },
  explain: ({ errors }) => explainErrors(errors, reason),
  remedy: ({ errors }) => [
    advice(
      'Recreate the container with a MAC address of its own, or without --mac-address (mac_address in a compose file): Docker then chooses one',
      'docker',
      errors.flatMap(({ refusal: { container }, network }) =>
        container && network
          ? [
              sh`docker run --network ${network.name} ${addressOptions(container.addresses)} --name ${container.name} ${placeholder('IMAGE')}`,
            ]
          : [],
      ),
    ),
    advice('See which container has which MAC address', 'docker', [
      sh`docker ps -q | xargs docker inspect -f ${'{{.Name}} {{range .NetworkSettings.Networks}}{{.MacAddress}} {{end}}'}`,
    ]),
  ],
});

function reason({ mac, holder, network }: DuplicateMac): string {
  const parent = network?.parent ?? 'the parent';
  if (mac === undefined) return `its MAC address is on another link of ${parent} already`;
  const owner = holder?.at.device === undefined ? holder?.at.node : `${holder.at.device} on ${holder.at.node}`;
  return `it asks for the MAC address ${mac}, which ${owner ?? 'another link'} has on ${parent} already`;
}

function addressOptions(addresses: readonly string[]) {
  return addresses.map((address) => (address.includes(':') ? sh`--ip6 ${address}` : sh`--ip ${address}`));
}
