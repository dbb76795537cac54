import type { LinkFilter } from '../../evidence/facts.js';
import { distinctPlaces } from '../../network/packet-filter.js';
import type { Remedy } from '../cause.js';
import type { BlockingFilters, FilteredOnLink } from '../symptoms/filtered-on-link.js';
import { acceptAtHead } from './allow-traffic.js';
import type { Change } from './change.js';
import { trafficOf, type Passage, type Traffic } from './traffic.js';

/** What filters on a link drop of the failed checks. */
interface Blocked {
  readonly flows: readonly FilteredOnLink[];
  readonly blocking: BlockingFilters;
  readonly way: LinkFilter['way'];
}

/** Lets what failed checks send pass a link. A program has no rules to add to: it can only be taken off. */
export function passOnLink(host: string, { flows, blocking, way }: Blocked): Remedy {
  const traffic = trafficOf(flows.flatMap((one) => passagesOf(one, way)));
  const rules: readonly Change[] = [
    ...distinctPlaces(blocking.rules).flatMap((place) => acceptAtHead(place, host, traffic)),
    ...blocking.filters.flatMap((filter) => passBefore(host, filter, traffic)),
  ];
  const programs = blocking.programs.map(({ device }): Change => ({
    kind: 'link',
    on: host,
    device,
    set: { xdp: 'off' },
  }));
  return {
    title: 'Let what the failed checks send through, before the filter on the link',
    use: rules.length > 0 ? 'run' : 'advice',
    changes: rules.length > 0 ? rules : programs,
  };
}

/** What of a flow the filter sees that way: it tracks no connections. A sibling's requests come in there as its replies do. */
function passagesOf({ flow, asker }: FilteredOnLink, way: LinkFilter['way']): readonly Passage[] {
  const part = flow.outbound === (way === 'egress') ? ('request' as const) : ('untracked-reply' as const);
  return [{ flow, part }, ...(asker === undefined ? [] : [{ flow, part: 'untracked-reply' as const }])];
}

/**
 * tc asks filters by their priority, so that a filter in front passes packets. Where there is no room in front, the filter
 * itself has to go. All filters of one priority are of one family.
 */
function passBefore(host: string, filter: LinkFilter, traffic: readonly Traffic[]): readonly Change[] {
  const { device, way, priority = 0 } = filter;
  const families = ([4, 6] as const).filter((family) => traffic.some((one) => one.family === family));
  if (priority <= families.length) return [{ kind: 'tc-filter', on: host, device, way, priority, do: 'delete' }];
  return families.map((family, index) => ({
    kind: 'tc-filter',
    on: host,
    device,
    way,
    priority: priority - 1 - index,
    do: 'pass',
    family,
    traffic: traffic.filter((one) => one.family === family),
  }));
}
