import { sameAddress } from '../../../ip.js';
import { sh } from '../../../shell.js';
import { defineCause, exonerated, found, advice } from '../../cause.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { holds } from '../../reading.js';

export const gatewayIgnoredInL3 = defineCause({
  id: 'gateway-ignored-in-l3',
  title: 'The gateway given to an L3 network is ignored',
  layer: 'address',
  kind: 'informational',
  hop: 'host-forward',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks'],
  background: `
    Docker accepts --gateway for a network in mode l3 or l3s and does nothing with it: the container's default route leads to
    its link, and the host's own routes, pinned to the parent, choose the next hop. The address belongs to nobody, so that it
    answers no ping, and what is sent to it goes to the host's gateway and back. Nothing else suffers from it.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, nodes, networks }) {
    const given = networks
      .filter(isLayer3)
      .flatMap((network) => network.subnets.flatMap(({ gateway }) => (gateway ? [{ network, gateway }] : [])));
    const ignored = given.filter(({ gateway }) => !nodes.some((node) => holds(node, gateway)));
    const asked = failing(flows).flatMap((flow) => {
      const one = ignored.find(({ gateway }) => sameAddress(gateway, flow.to.address));
      return one ? [{ ...flow, ...one }] : [];
    });
    const [flow] = asked;
    if (flow)
      return found({
        detail: { flow },
        explains: idsOf(asked),
        because: [
          `${flow.network.name} is ${flow.network.mode} and was given the gateway ${flow.gateway}, which no node that was seen holds.`,
        ],
      });
    const [first] = ignored;
    const suspected = first && failing(flows).some(({ network }) => network?.name === first.network.name);
    return suspected
      ? exonerated(
          `${first.network.name} was given the gateway ${first.gateway}, and mode ${first.network.mode} never uses it: the host's routes decide.`,
        )
      : undefined;
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.gateway} is the gateway ${flow.network.name} was given, and mode ${flow.network.mode} ignores it; nobody holds that address, and nothing but a ping of it needs it.`,
  remedy: ({ flow }) => [
    advice('Ask the next hop that counts, on the host', 'host', [
      sh`ip route get 203.0.113.1 from ${flow.containerAddress ?? flow.from.address} oif ${flow.network.parent ?? ''} # any address outside`,
    ]),
  ],
});
