import type { LinkDecider } from '../network/link-filter.js';
import { toolOf, type Place } from '../network/packet-filter.js';

/** A rule, policy or filter as an administrator would find it again. */
export function deciderText(by: LinkDecider): string {
  switch (by.kind) {
    case 'rule': {
      const tool = toolOf(by.place);
      const handle = by.handle === undefined ? '' : ` (handle ${by.handle})`;
      return `${tool === undefined ? '' : `${tool}'s rule `}"${by.rule}"${handle} in ${placeText(by.place)}`;
    }
    case 'policy':
      return `the policy drop of ${placeText(by.place)}`;
    case 'link-filter': {
      const { program, device, way, text } = by.filter;
      return program === 'xdp' ? `${text} on ${device}` : `the tc filter "${text}" on ${device} ${way}`;
    }
  }
}

/** `nftables, table ip filter, chain output` */
export function placeText({ backend, family, table, chain }: Place): string {
  return `${backend}, table ${family} ${table}, chain ${chain}`;
}
