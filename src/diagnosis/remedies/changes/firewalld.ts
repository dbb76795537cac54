import { outsideModel, type Applied } from '../applied.js';
import { embedded, placeholder, sh, type Embedded } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import type { Traffic } from '../traffic.js';

/** Accepts traffic by rich rules of a policy or zone of firewalld, for good. */
export interface FirewalldChange {
  readonly kind: 'firewalld';
  readonly on: string;
  readonly of: 'policy' | 'zone';
  /** Absent where it is not known: the reader has to fill it in. */
  readonly name: string | undefined;
  readonly traffic: readonly Traffic[];
}

export function renderFirewalld({ on: node, of, name, traffic }: FirewalldChange): readonly Command[] {
  const where =
    of === 'policy' ? sh`--policy=${name ?? placeholder('POLICY')}` : sh`--zone=${name ?? placeholder('ZONE')}`;
  // firewalld accepts the replies of connections it tracks before it looks at any rule.
  const rules = traffic.filter(({ part }) => part !== 'reply').flatMap(richRules);
  const added = rules.map((rule) => sh`--add-rich-rule=${rule}`);
  return [on(node, sh`firewall-cmd --permanent ${where} ${added} && firewall-cmd --reload`)];
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

/** firewalld writes its rules where it likes. */
export function applyFirewalld(): Applied {
  return outsideModel('firewalld');
}
