import type { Facts } from '../../../evidence/facts.js';
import { onNode } from '../../../network/edit/on-node.js';
import { applied, outsideModel, unseenPart, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

export interface SysctlChange {
  readonly kind: 'sysctl';
  readonly on: string;
  /** As `sysctl -w` takes it; with slashes where an interface's name has a dot. */
  readonly name: string;
  readonly value: string | number;
  /** Its value before. Absent where it was not seen: then there is no undo. */
  readonly was?: string | number | undefined;
}

export function renderSysctl({ on: node, name, value, was }: SysctlChange): readonly Command[] {
  const set = (to: string | number) => sh`sysctl -w ${`${name}=${to}`}`;
  return [on(node, set(value), was === undefined ? undefined : set(was))];
}

/** What the walk reads of a node: what else a sysctl does is not in the model. */
const READ =
  /^net\.(?:ipv4\.ip_forward|ipv6\.conf\.all\.forwarding|ipv4\.conf\..+\.rp_filter|bridge\.bridge-nf-call-iptables)$/;

export function applySysctl(facts: Partial<Facts>, { on: node, name: given, value }: SysctlChange): Applied {
  const dotted = given.includes('.') ? given : given.replaceAll('/', '.');
  const name = dotted === 'net.ipv4.conf.all.forwarding' ? 'net.ipv4.ip_forward' : dotted;
  if (!READ.test(name)) return outsideModel('sysctl');
  return (
    unseenPart(facts, node, 'sysctls') ??
    applied(onNode(facts, ['sysctls', node], (sysctls) => ({ ...sysctls, [name]: String(value) })))
  );
}
