import { familyOf } from '../ip.js';
import type { Place, Tool } from '../path/packet-filter.js';
import { advice, type Remedy } from './cause.js';
import type { Culprit } from './culprits.js';

/** What is to be let through the host's firewall: out of it from these subnets, or in to them by the parent. */
export interface Passage {
  readonly node: string;
  readonly subnets: readonly string[];
  readonly way: 'out' | 'in';
  readonly parent: string;
}

/** The same as a rule in the very chain, in the words of the tools whose chains these are: what a tool rewrites must be told the tool. */
export function inToolsWords(culprits: readonly Culprit[], passage: Passage): readonly Remedy[] {
  const ufw = culprits.some(({ tool }) => tool === 'ufw') ? [withUfw(passage)] : [];
  const firewalld = culprits.find(({ tool }) => tool === 'firewalld');
  return [...ufw, ...(firewalld ? [withFirewalld(passage, firewalld.place)] : [])];
}

/** For tools that were not seen at work here and may be somewhere else. */
export function inOtherToolsWords(culprits: readonly Culprit[], passage: Passage): readonly Remedy[] {
  const known = new Set<Tool | undefined>(culprits.map(({ tool }) => tool));
  if (known.has('ufw') || known.has('firewalld')) return [];
  return [withUfw(passage), withFirewalld(passage, undefined)];
}

/** ufw's own commands know the host's addresses only: its rules about others are lines of a file, before those that drop. */
function withUfw({ node, subnets, way, parent }: Passage): Remedy {
  return advice(
    'With ufw',
    node,
    subnets.map((subnet) => {
      const six = familyOf(subnet) === 6 ? '6' : '';
      const rule = way === 'out' ? `before-output -s ${subnet}` : `before-input -i ${parent} -d ${subnet}`;
      return `sed -i '/^# End required lines/a -A ufw${six}-${rule} -j ACCEPT' /etc/ufw/before${six}.rules && ufw reload`;
    }),
  );
}

/** `filter_OUT_policy_NAME` is a policy's chain, `filter_IN_NAME` a zone's, with `_deny` and the like for its parts. */
function withFirewalld({ node, subnets, way }: Passage, place: Place | undefined): Remedy {
  const [, policy, name] =
    /^filter_(?:IN|OUT)_(policy_)?(.+?)(?:_(?:pre|log|deny|allow|post))?$/.exec(place?.chain ?? '') ?? [];
  const where = policy !== undefined || way === 'out' ? `--policy=${name ?? 'POLICY'}` : `--zone=${name ?? 'ZONE'}`;
  const side = way === 'out' ? 'source' : 'destination';
  return advice(
    'With firewalld',
    node,
    subnets.map((subnet) => {
      const rule = `rule family="ipv${familyOf(subnet) ?? 4}" ${side} address="${subnet}" accept`;
      return `firewall-cmd --permanent ${where} --add-rich-rule='${rule}' && firewall-cmd --reload`;
    }),
  );
}
