import type { Place, Tool } from '../path/packet-filter.js';
import { quote, sh } from '../shell.js';
import { advice, type Remedy } from './cause.js';
import type { Culprit } from './culprits.js';
import { iptablesMatch } from './packet-filter.js';
import type { Traffic } from './traffic.js';

/** What is to be let through a host's firewall, out of it or in. */
export interface Opening {
  readonly node: string;
  readonly way: 'out' | 'in';
  readonly traffic: readonly Traffic[];
}

/** The same as a rule in the very chain, in the words of the tools whose chains these are: what a tool rewrites must be told the tool. */
export function inToolsWords(culprits: readonly Culprit[], opening: Opening): readonly Remedy[] {
  const ufw = culprits.some(({ tool }) => tool === 'ufw') ? [withUfw(opening)] : [];
  const firewalld = culprits.find(({ tool }) => tool === 'firewalld');
  return [...ufw, ...(firewalld ? [withFirewalld(opening, firewalld.place)] : [])];
}

/** For tools that were not seen at work here and may be somewhere else. */
export function inOtherToolsWords(culprits: readonly Culprit[], opening: Opening): readonly Remedy[] {
  const known = new Set<Tool | undefined>(culprits.map(({ tool }) => tool));
  if (known.has('ufw') || known.has('firewalld')) return [];
  return [withUfw(opening), withFirewalld(opening, undefined)];
}

/** ufw's own commands know the host's addresses only: its rules about others are lines of a file, before those that drop. */
function withUfw({ node, way, traffic }: Opening): Remedy {
  return advice(
    'With ufw',
    node,
    traffic.map((one) => {
      const six = one.family === 6 ? '6' : '';
      const rule = `-A ufw${six}-before-${way === 'out' ? 'output' : 'input'} ${iptablesMatch(one)} -j ACCEPT`;
      return `sed -i ${quote(`/^# End required lines/a ${rule}`)} /etc/ufw/before${six}.rules && ufw reload`;
    }),
  );
}

/** `filter_OUT_policy_NAME` is a policy's chain, `filter_IN_NAME` a zone's, with `_deny` and the like for its parts. */
function withFirewalld({ node, way, traffic }: Opening, place: Place | undefined): Remedy {
  const [, policy, name] =
    /^filter_(?:IN|OUT)_(policy_)?(.+?)(?:_(?:pre|log|deny|allow|post))?$/.exec(place?.chain ?? '') ?? [];
  const where = policy !== undefined || way === 'out' ? sh`--policy=${name ?? 'POLICY'}` : sh`--zone=${name ?? 'ZONE'}`;
  // firewalld accepts the replies of connections it tracks before it looks at any rule.
  const rules = traffic.filter(({ part }) => part !== 'reply').flatMap(richRules);
  return advice('With firewalld', node, [
    `firewall-cmd --permanent ${where} ${rules.map((rule) => sh`--add-rich-rule=${rule}`).join(' ')} && firewall-cmd --reload`,
  ]);
}

/** A rich rule names one source and one destination. */
function richRules({ family, sources, destinations, protocol, port, part }: Traffic): readonly string[] {
  const request = part === 'request';
  const what =
    protocol === 'icmp'
      ? `icmp-type name="${request ? 'echo-request' : 'echo-reply'}"`
      : `${request ? '' : 'source-'}port port="${port}" protocol="${protocol}"`;
  const from = sources.length > 0 ? sources.map((address) => `source address="${address}" `) : [''];
  const to = destinations.length > 0 ? destinations.map((address) => `destination address="${address}" `) : [''];
  return from.flatMap((source) =>
    to.map((destination) => `rule family="ipv${family}" ${source}${destination}${what} accept`),
  );
}
