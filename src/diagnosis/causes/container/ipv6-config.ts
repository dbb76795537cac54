import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf, prefixLength } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type Command, type View } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, lacksItsAddress, seenByTarget, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links' | 'sysctls';

/** A flow over IPv6 of a container without it. */
interface Without extends Flow {
  /** The link IPv6 is turned off on; absent where Docker never gave the container an address. */
  readonly device: string | undefined;
  /** Networks of the container, by name. */
  readonly on: readonly string[];
}

export const ipv6Config = defineCause({
  id: 'ipv6-config',
  title: 'The container has no IPv6',
  layer: 'container',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'containers', 'links', 'sysctls'],
  background: `
    A network has IPv6 only when it was created with --ipv6 and an IPv6 subnet; on any other Docker sets disable_ipv6 in its
    containers, so that router advertisements on the LAN give them no address either. An image, or --sysctl, may turn it off
    too. Programs then say "Network is unreachable" or "Cannot assign requested address" for IPv6 while IPv4 works.`,
  see: ['https://docs.docker.com/engine/daemon/ipv6/', 'https://docs.docker.com/engine/network/drivers/ipvlan/'],

  detect(view) {
    const lost = failing(view.flows).flatMap(
      (flow) => without(view, flow) ?? without(view, seenByTarget(view.network, flow)) ?? [],
    );
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.container?.name ?? '', one])).values()];
    return found({
      detail: { flow, containers, networks: view.networks },
      explains: idsOf(lost),
      because: containers.map(({ container, device, on: names }) =>
        device === undefined
          ? `${container?.name}: Docker gave it no IPv6 address, for ${names.join(' and ')} has no IPv6 subnet.`
          : `${container?.name}: net.ipv6.conf.${device}.disable_ipv6 is 1 (sysctl), and its IPv6 address is gone.`,
      ),
    });
  },
  explain: ({ flow }) =>
    flow.device === undefined
      ? `${flow.container?.name} cannot reach ${flow.to.label}: its network ${flow.on.join(' and ')} has no IPv6 subnet, so that the container has no IPv6 address.`
      : `${complaint(flow)}: IPv6 is turned off on ${flow.device} inside the container.`,
  remedy: ({ containers, networks }) => {
    const off = containers.filter(({ device }) => device !== undefined);
    return [
      {
        title: 'Turn IPv6 on inside the container, and give back the address and route that went with it',
        use: off.length > 0 ? 'run' : 'advice',
        commands: off.map(turnOn),
      },
      ...networks
        .filter(({ name, subnets }) => containers.some((one) => one.on.includes(name)) && !subnets.some(isSix))
        .map((network) =>
          recreateNetwork('Recreate the network with an IPv6 subnet beside the IPv4 one', network, {
            ipv6: true,
            subnets: [...network.subnets, { subnet: placeholder('IPV6_SUBNET'), gateway: undefined }],
          }),
        ),
    ];
  },
});

function without({ links, sysctls, networks, network }: View<Needs>, flow: Flow | undefined): Without | undefined {
  if (!flow) return undefined;
  const { container, containerAddress, outbound } = flow;
  if (!container || familyOf(flow.to.address) !== 6) return undefined;
  const names = container.attachments.map(({ network }) => network);
  if (containerAddress === undefined) {
    const own = networks.filter(({ name }) => names.includes(name));
    const none = outbound && own.length > 0 && !own.some(({ subnets }) => subnets.some(isSix));
    return none ? { ...flow, device: undefined, on: names } : undefined;
  }
  const values = sysctls[container.name] ?? {};
  const device = links[container.name]
    ?.map(({ name }) => name)
    .find((name) => name !== 'lo' && [name, 'all'].some((one) => values[`net.ipv6.conf.${one}.disable_ipv6`] === '1'));
  return device !== undefined && lacksItsAddress(network, flow) ? { ...flow, device, on: names } : undefined;
}

function turnOn({ container, containerAddress = '', network, device = 'eth0' }: Without): Command {
  const subnet = network?.subnets.find((one) => contains(one.subnet, containerAddress));
  const way = isLayer3(network) || !subnet?.gateway ? sh`dev ${device}` : sh`via ${subnet.gateway} dev ${device}`;
  const own = `${containerAddress}/${prefixLength(subnet?.subnet ?? '::/64')}`;
  return on(
    container?.name ?? '',
    sh`sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net/ipv6/conf/${device}/disable_ipv6=0 && ip addr replace ${own} dev ${device} nodad && ip -6 route replace default ${way}`,
    sh`sysctl -q -w net/ipv6/conf/${device}/disable_ipv6=1`,
  );
}

function isSix({ subnet }: NetworkFact['subnets'][number]): boolean {
  return familyOf(subnet) === 6;
}
