import { sameAddress } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, ruledOutByName, found } from '../../cause.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';

export const gatewayIgnoredInL3 = defineCause({
  id: 'gateway-ignored-in-l3',
  title: 'L3 mode ignores the gateway of the network',
  layer: 'address',
  kind: 'informational',
  hop: 'host-forward',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks'],
  background: `
    Docker accepts --gateway for a network in mode l3 or l3s and does not use it. The container's default route points to its
    link, and the host's own routes, pinned to the parent, choose the next hop. No machine has the address, so it does not
    reply to ping: what is sent to it goes to the host's gateway and back. Nothing else is affected.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: { names } }) {
    const given = names.networks
      .filter(isLayer3)
      .flatMap((network) => network.subnets.flatMap(({ gateway }) => (gateway ? [{ network, gateway }] : [])));
    const ignored = given.filter(({ gateway }) => names.knownBy(gateway).length === 0);
    const lost = failing(flows).flatMap((flow) => {
      const one = ignored.find(({ gateway }) => sameAddress(gateway, flow.to.address));
      return one ? [{ ...flow, ...one }] : [];
    });
    const [flow] = lost;
    if (flow)
      return found({
        detail: { flow, host: names.hostName },
        explains: idsOf(lost),
        because: [
          { kind: 'network-setting', network: flow.network.name, setting: 'mode', value: flow.network.mode ?? '' },
          { kind: 'network-setting', network: flow.network.name, setting: '--gateway', value: flow.gateway },
          { kind: 'address-not-held', address: flow.gateway },
        ],
      });
    const [first] = ignored;
    const suspected = first && failing(flows).some(({ network }) => network?.name === first.network.name);
    return suspected
      ? ruledOutByName(
          `${first.network.name} has --gateway ${first.gateway}, and mode ${first.network.mode} never uses it: the host's routes decide.`,
        )
      : undefined;
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: ${flow.gateway} is the --gateway of ${flow.network.name}, and mode ${flow.network.mode} ignores it. No machine has that address; only a ping of it fails.`,
  remedy: ({ flow, host }) => [
    advice('Look up the next hop that the host uses', host, [
      sh`ip route get 203.0.113.1 from ${flow.containerAddress ?? flow.from.address} oif ${flow.network.parent ?? ''} # any address outside`,
    ]),
  ],
});
