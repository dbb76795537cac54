import type { Hop } from '../hop.js';
import { blocks, unknown, type Trodden } from './leg.js';
import type { LinkSide } from '../../network/link-filter.js';
import type { Trail } from './trail.js';

/** The filters that hang on a link, as a hop where they do or may do anything: `parent` on the host, whichever link of it that is. */
export function onLinkItself(trail: Trail, side: LinkSide, elsewhere: Hop = 'gateway'): readonly Trodden[] {
  const outcome = trail.world.linkFiltered(side, trail.packet);
  if (outcome.kind === 'passes') return [];
  const predicted =
    outcome.kind === 'blocks'
      ? blocks({ ...outcome.by, node: side.node })
      : unknown({ kind: 'filter-effect', by: outcome.by });
  const hop = trail.world.node(side.node)?.kind === 'host' ? 'parent' : elsewhere;
  return [{ hop, node: side.node, text: `${side.way} of ${side.device}`, predicted }];
}
