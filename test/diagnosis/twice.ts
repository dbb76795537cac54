import type { Packet } from '../../src/evidence/facts.js';
import { repacked, withNewLink } from './readdress.js';
import { recorded, withoutPackets, type Situation } from './situation.js';

const OTHER_MAC = '02:00:00:00:00:99';
const ID = 'webapp>google.com/icmp';
const ADDRESS = '192.168.0.100';

/** Of five answers for a container that the gateway has, three go to the laptop, which has the container's address too. */
export function answeredNowAndThen(): Situation {
  const healthy = recorded('l2-healthy');
  const probes = healthy.probes.map((probe) =>
    probe.id === ID && probe.outcome.kind === 'attempts'
      ? { ...probe, outcome: { ...probe.outcome, arrived: 2, failure: 'timeout' as const } }
      : probe,
  );
  const tag = probes.find(({ id }) => id === ID)?.tag;
  const strays = ({ content }: Packet) =>
    content.kind === 'icmp' && content.type === 'echo-reply' && content.id === tag && (content.sequence ?? 0) > 2;
  const atGateway = repacked({ ...healthy, probes }, 'gateway', (packet) =>
    strays(packet) && 'destination' in packet.content && packet.content.destination === ADDRESS
      ? { ...packet, targetMac: OTHER_MAC }
      : packet,
  );
  const onHost = withoutPackets(withoutPackets(atGateway, 'host', strays), 'webapp', strays);
  return withNewLink(onHost, 'laptop', { name: 'eth1', mac: OTHER_MAC, addresses: [`${ADDRESS}/24`] });
}
