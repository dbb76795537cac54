import type { LinkDecider } from '../network/link-filter.js';
import { toolOf, type ChainPlace } from '../network/packet-filter.js';

/** A rule, policy or filter as an administrator would find it again. */
export function deciderText(by: LinkDecider): string {
  switch (by.kind) {
    case 'rule': {
      const tool = toolOf(by.place);
      const handle = by.handle === undefined ? '' : ` (handle ${by.handle})`;
      return `${tool === undefined ? '' : `${tool}'s rule `}"${by.rule}"${handle} in ${chainText(by.place)}`;
    }
    case 'policy':
      return `the policy drop of ${chainText(by.place)}`;
    case 'link-filter': {
      const { program, device, way, text } = by.filter;
      return program === 'xdp' ? `${text} on ${device}` : `the tc filter "${text}" on ${device} ${way}`;
    }
  }
}

/** `nftables, table ip filter, chain output`, `RouterOS, /ip firewall filter, chain forward` */
export function chainText({ backend, family, table, chain }: ChainPlace): string {
  if (backend === 'routeros') return `RouterOS, /${family === 'ip6' ? 'ipv6' : 'ip'} firewall ${table}, chain ${chain}`;
  if (backend === 'pf') return `pf, ${table} rules, ${chain}`;
  if (backend === 'cisco-ios') return `Cisco IOS, ${table} ${chain}`;
  return `${backend}, table ${family} ${table}, chain ${chain}`;
}
