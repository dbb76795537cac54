import { contains, familyOf, firstAddress, sameAddress } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { routerAddresses } from '../../../network/routers.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, subnetOfFlow, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { recreateNetwork, withGateway } from '../../remedies/create-network.js';
import { unansweredArp } from '../../symptoms/wire.js';
import { wrongNextHop, type WrongNextHop } from '../../symptoms/wrong-next-hop.js';

export const wrongGatewayAddress = defineCause({
  id: 'wrong-gateway-address',
  title: 'The gateway address of the network is not an address of the router',
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'neighbours', 'captures'],
  background: `
    In L2 mode and on macvlan the container itself sends ARP requests for its gateway. It uses the address given with
    --gateway. Without one, Docker up to 28 takes the first address of the subnet. When the router has another address, the
    request gets no reply: the LAN is reachable, and everything beyond it is not.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/', 'https://github.com/docker/compose/issues/11716'],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows)
      .filter((flow) => crossesParent(flow) && !isLayer3(flow.network) && !isOnLink(flow))
      .flatMap((flow) => {
        const wrong = wrongNextHop(view, flow);
        return wrong ? [{ ...flow, wrong }] : [];
      });
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.container?.name ?? '', one.wrong])).entries()];
    return found({
      detail: { flow, right: rightGateway(view, flow, flow.wrong.via), containers },
      explains: idsOf(lost),
      because: [
        ...containers.map(([node, { via, holder }]): Observation => {
          if (holder === undefined) return { kind: 'default-route', node, via };
          return { kind: 'next-hop-no-router', node, address: via, holder };
        }),
        ...unansweredArp(view, flow, flow.wrong.via),
      ],
    });
  },
  explain: ({ flow, right }) =>
    `${complaint(flow)}: its gateway ${flow.wrong.via}${isGuessed(flow) ? ', which Docker guessed because the network has no --gateway,' : ''} ${flow.wrong.holder ? `is an address of ${flow.wrong.holder}` : 'does not reply to ARP'}${right ? `; the gateway of this LAN is ${right}` : ''}.`,
  remedy: ({ flow, right, containers }) => [
    {
      title: 'Change the default route of the containers to the router, until they are recreated',
      use: right ? 'run' : 'advice',
      changes: containers.map(([name, { via }]): Change => {
        const to = { destination: 'default', family: familyOf(via) ?? 4 } as const;
        const route = { ...to, via: right ?? placeholder('GATEWAY') };
        return { kind: 'route', on: name, do: 'replace', route, was: { ...to, via } };
      }),
    },
    ...(flow.network
      ? [
          recreateNetwork("Recreate the network with the router's address as its gateway", flow.network, {
            subnets: withGateway(flow.network, flow.containerAddress, right),
          }),
        ]
      : []),
  ],
});

/** Docker up to 28 takes the first address where no gateway is given. */
function isGuessed({ network, wrong, ...flow }: Flow & { readonly wrong: WrongNextHop }): boolean {
  const subnet = subnetOfFlow({ ...flow, network });
  const given = network?.subnets.find((one) => one.subnet === subnet)?.gateway;
  const first = subnet === undefined ? undefined : firstAddress(subnet);
  return given === undefined && first !== undefined && sameAddress(first, wrong.via);
}

function rightGateway(
  { network: state }: Pick<Observed, 'network'>,
  { network }: Flow,
  wrong: string,
): string | undefined {
  return routerAddresses(state, familyOf(wrong) ?? 4).find(
    (address) =>
      familyOf(address) === familyOf(wrong) && network?.subnets.some(({ subnet }) => contains(subnet, address)),
  );
}
