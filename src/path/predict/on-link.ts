import type { LinkSide } from '../../network/link-filter.js';
import type { Hop } from '../hop.js';
import { blocks, unknown, type PredictedHop } from './leg.js';
import type { Trail } from './trail.js';

/** The filters that are attached to a link, as a hop where they do or may do anything: `parent` on the host, for any link of it. */
export function onLinkItself(
  { network, packet }: Trail,
  side: LinkSide,
  elsewhere: Hop = 'gateway',
): readonly PredictedHop[] {
  const outcome = network.linkFiltered(side, packet);
  if (outcome.kind === 'passes') return [];
  const predicted =
    outcome.kind === 'blocks'
      ? blocks({ ...outcome.by, node: side.node })
      : unknown({ kind: 'filter-effect', by: outcome.by });
  const hop = network.names.node(side.node)?.kind === 'host' ? 'parent' : elsewhere;
  return [{ hop, node: side.node, text: `${side.way} of ${side.device}`, predicted }];
}
