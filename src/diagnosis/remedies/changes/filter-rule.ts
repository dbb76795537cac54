import type { ChainPlace } from '../../../network/packet-filter.js';
import { embedded, embeddedList, sh, type Embedded } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** A rule to put into a chain; `mark` becomes part of its comment, by which its undo finds it. */
export interface NewRule {
  readonly node: string;
  readonly rule: Embedded;
  readonly mark: string;
  readonly where: 'insert' | 'add';
}

export function nftRule({ family, table, chain }: ChainPlace, { node, rule, mark, where }: NewRule): Command {
  const at = [family, table, chain].map((one) => embedded`${one}`);
  const comment = embedded`"ipvlan-doctor ${mark}"`;
  const whole = embedded`${where} rule ${embeddedList(at, ' ')} ${rule} comment ${comment}`;
  return on(
    node,
    sh`nft list chain ${at} | grep -qF ${comment} || nft ${whole}`,
    sh`for h in $(nft -a list chain ${at} | sed -n ${embedded`s|.*${comment} # handle ||p`}); do nft delete rule ${at} handle $h; done`,
  );
}

export interface IptablesRule {
  readonly node: string;
  readonly family: 4 | 6;
  readonly match: readonly Embedded[];
}

/** Accepts at the head of a chain of iptables, once. */
export function iptablesAccept({ backend, table, chain }: ChainPlace, { node, family, match }: IptablesRule): Command {
  const program = `${family === 6 ? 'ip6tables' : 'iptables'}-${backend === 'iptables-legacy' ? 'legacy' : 'nft'}`;
  const at = sh`${program} -t ${table}`;
  const rule = sh`${chain} ${match} -j ACCEPT`;
  return on(node, sh`${at} -C ${rule} 2>/dev/null || ${at} -I ${rule}`, sh`${at} -D ${rule}`);
}
