import type { ProbeResult } from '../../evidence/evidence.js';
import { sameAddress } from '../../ip.js';
import type { Observations } from '../../network/observations/observations.js';
import { destinationOf } from '../../scenario/to-many.js';
import type { Observation } from '../observation.js';

type GroupDatagram = Extract<Observation, { kind: 'group-datagram' }>;

/**
 * Through which links of its sender a datagram to many left: an entry for each link whose capture can tell. One that saw nothing tells
 * only where it is known to be awake.
 */
export function groupDatagrams(observed: Observations, probe: ProbeResult, node: string): readonly GroupDatagram[] {
  const group = destinationOf(probe);
  const own = observed.captures.filter((capture) => capture.node === node);
  return own.flatMap(({ device, control, packets }): GroupDatagram[] => {
    const seen = packets.some(
      ({ content, direction }) =>
        content.kind === 'udp' &&
        direction === 'out' &&
        content.sourcePort === probe.tag &&
        sameAddress(content.destination, group),
    );
    return seen || control === 'seen' ? [{ kind: 'group-datagram', at: { node, device }, group, seen }] : [];
  });
}
