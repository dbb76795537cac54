import type { ChainPlace, Tool } from '../../network/packet-filter.js';
import type { Remedy } from '../cause.js';
import type { BlockingRule } from '../observations/firewall.js';
import type { Traffic } from './traffic.js';

/** What a node's packet filter has to accept, as it leaves or as it arrives. */
export interface Opening {
  readonly node: string;
  readonly way: 'out' | 'in';
  readonly traffic: readonly Traffic[];
}

/** The same as a rule in the chain itself, with the tools whose chains these are: a tool overwrites what it was not told. */
export function toolRemedies(rules: readonly BlockingRule[], opening: Opening): readonly Remedy[] {
  const ufw = rules.some(({ tool }) => tool === 'ufw') ? [withUfw(opening)] : [];
  const firewalld = rules.find(({ tool }) => tool === 'firewalld');
  return [...ufw, ...(firewalld ? [withFirewalld(opening, firewalld.by.place)] : [])];
}

/** With tools that were not seen at work here and may be used all the same. */
export function otherToolRemedies(rules: readonly BlockingRule[], opening: Opening): readonly Remedy[] {
  const known = new Set<Tool | undefined>(rules.map(({ tool }) => tool));
  if (known.has('ufw') || known.has('firewalld')) return [];
  return [withUfw(opening), withFirewalld(opening, undefined)];
}

function withUfw({ node, way, traffic }: Opening): Remedy {
  return {
    title: 'Accept it with ufw',
    use: 'advice',
    changes: traffic.map((one) => ({ kind: 'ufw', on: node, way, traffic: one })),
  };
}

/** `filter_OUT_policy_NAME` is a policy's chain, `filter_IN_NAME` a zone's, with `_deny` and the like for its parts. */
function withFirewalld({ node, way, traffic }: Opening, place: ChainPlace | undefined): Remedy {
  const [, policy, name] =
    /^filter_(?:IN|OUT)_(policy_)?(.+?)(?:_(?:pre|log|deny|allow|post))?$/.exec(place?.chain ?? '') ?? [];
  const of = policy !== undefined || way === 'out' ? 'policy' : 'zone';
  return {
    title: 'Accept it with firewalld',
    use: 'advice',
    changes: [{ kind: 'firewalld', on: node, of, name, traffic }],
  };
}
