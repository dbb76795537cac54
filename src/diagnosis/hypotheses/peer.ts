import { familyOf } from '../../ip.js';
import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { Observed } from '../cause.js';
import { failing, subnetOfFlow } from '../flow-questions.js';
import type { TrafficPart } from './hypothesis.js';

/** A machine on the LAN that was not looked at, with a container subnet that fails to reach it. */
export function peerScopes(view: Observed, around: AssumedSurroundings): readonly TrafficPart[] {
  const near = failing(view.flows).filter(
    ({ outbound, peer, to }) => outbound && peer === 'lan' && around.isAssumed(to.node?.name),
  );
  return near.flatMap((flow) => {
    const subnet = subnetOfFlow(flow);
    return subnet === undefined ? [] : [{ subnet, target: flow.to.address }];
  });
}

/** The machine with an address drops what a subnet begins; replies to its own requests come in, as most such filters have it. */
export function dropAtPeer(
  around: AssumedSurroundings,
  { subnet = '', target = '' }: TrafficPart,
): AssumedSurroundings {
  const [peer] = around.state.names.knownBy(target);
  if (!peer) return around;
  const place = { backend: 'nftables', family: 'inet', table: 'assumed', chain: 'input' } as const;
  const text = `ct state new ${familyOf(subnet) === 6 ? 'ip6' : 'ip'} saddr ${subnet} drop`;
  return around.withFirewall(peer.name, (firewall) => ({
    ...firewall,
    chains: [
      ...firewall.chains,
      { ...place, hook: 'input', priority: 0, type: 'filter', policy: 'accept', policyPackets: undefined },
    ],
    rules: [...firewall.rules, { ...place, handle: undefined, text, verdict: 'drop', packets: undefined }],
  }));
}
