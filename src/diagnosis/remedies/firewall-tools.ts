import type { Place, Tool } from '../../network/packet-filter.js';
import { embedded, embeddedList, placeholder, sh, type Embedded } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import type { Culprit } from '../symptoms/culprits.js';
import { iptablesMatch } from './changes/filter-match.js';
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
      const six = one.family === 6 ? embedded`6` : embedded``;
      const chain = embedded`ufw${six}-before-${way === 'out' ? 'output' : 'input'}`;
      const script = embedded`/^# End required lines/a -A ${chain} ${embeddedList(iptablesMatch(one), ' ')} -j ACCEPT`;
      return sh`sed -i ${script} ${embedded`/etc/ufw/before${six}.rules`} && ufw reload`;
    }),
  );
}

/** `filter_OUT_policy_NAME` is a policy's chain, `filter_IN_NAME` a zone's, with `_deny` and the like for its parts. */
function withFirewalld({ node, way, traffic }: Opening, place: Place | undefined): Remedy {
  const [, policy, name] =
    /^filter_(?:IN|OUT)_(policy_)?(.+?)(?:_(?:pre|log|deny|allow|post))?$/.exec(place?.chain ?? '') ?? [];
  const where =
    policy !== undefined || way === 'out'
      ? sh`--policy=${name ?? placeholder('POLICY')}`
      : sh`--zone=${name ?? placeholder('ZONE')}`;
  // firewalld accepts the replies of connections it tracks before it looks at any rule.
  const rules = traffic.filter(({ part }) => part !== 'reply').flatMap(richRules);
  return advice('With firewalld', node, [
    sh`firewall-cmd --permanent ${where} ${rules.map((rule) => sh`--add-rich-rule=${rule}`)} && firewall-cmd --reload`,
  ]);
}

/** A rich rule names one source and one destination. */
function richRules({ family, sources, destinations, protocol, port, part }: Traffic): readonly Embedded[] {
  const request = part === 'request';
  const what =
    protocol === 'icmp'
      ? embedded`icmp-type name="${request ? 'echo-request' : 'echo-reply'}"`
      : embedded`${request ? embedded`port` : embedded`source-port`} port="${port ?? ''}" protocol="${protocol}"`;
  const from = sources.length > 0 ? sources.map((address) => embedded`source address="${address}" `) : [embedded``];
  const to =
    destinations.length > 0 ? destinations.map((address) => embedded`destination address="${address}" `) : [embedded``];
  return from.flatMap((source) =>
    to.map((destination) => embedded`rule family="ipv${family}" ${source}${destination}${what} accept`),
  );
}
