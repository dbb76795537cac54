import type { DnsServer } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { getsThrough } from '../flow-questions.js';
import { internetFlow } from './lookups.js';

/** A lookup that failed because DNS servers of the container do not answer. */
export interface Unresolved extends Flow {
  readonly dead: readonly DnsServer[];
  /** Whether none of its servers answers. Otherwise the first does not, and its resolver waits for that. */
  readonly none: boolean;
  /** The queries to the servers that were sent directly and not answered. */
  readonly queries: readonly Flow[];
  /** A flow that shows that the container reaches the internet by address. */
  readonly reached: Flow;
}

/**
 * @returns `undefined` unless the container reaches the internet, and none of its servers answered, or the first did not and another
 *   did; a server that was not asked directly tells nothing
 */
export function unresolved({ flows, network: { names } }: Observed, flow: Flow): Unresolved | undefined {
  const asked = serversFor(flow.container).map((server) => ({
    server,
    query: queryTo(flows, { flow, server, host: names.hostName }),
  }));
  const unanswered = asked.flatMap(({ server, query }) => (query && isUnanswered(query) ? [{ server, query }] : []));
  const none = asked.length > 0 && unanswered.length === asked.length;
  const others = asked.some(({ query }) => query !== undefined && getsThrough(query));
  const waits = unanswered[0]?.server === asked[0]?.server && others && isLate(flow);
  const reached = internetFlow(flows, flow.container?.name);
  if (!reached || unanswered.length === 0 || !(none || waits)) return undefined;
  const queries = unanswered.map(({ query }) => query);
  return { ...flow, dead: unanswered.map(({ server }) => server), none, queries, reached };
}

/** The servers that Docker was given, where it is not known which it asks. */
function serversFor(container: Flow['container']): readonly DnsServer[] {
  const given = (container?.dns ?? []).map((address): DnsServer => ({
    address,
    askedFrom: 'container',
    source: 'docker',
  }));
  return container?.resolvers ?? given;
}

/** The query to a server from where it is asked, if it was sent. */
function queryTo(
  flows: readonly Flow[],
  { flow, server, host }: { readonly flow: Flow; readonly server: DnsServer; readonly host: string },
): Flow | undefined {
  const asker = server.askedFrom === 'host' ? host : flow.container?.name;
  return flows.find(
    ({ probe, to }) =>
      probe.from === asker &&
      probe.over.protocol === 'dns' &&
      probe.to.name === undefined &&
      sameAddress(to.address, server.address),
  );
}

function isUnanswered({ arrival }: Flow): boolean {
  return arrival === 'none' || arrival === 'some';
}

/** Whether no answer came in time: a server that says that there is no such name is not waited for. */
function isLate({ probe: { over, outcome } }: Flow): boolean {
  return over.protocol !== 'dns' || (outcome.kind === 'attempts' && outcome.failure === 'timeout');
}
