import { deciderText } from '../../diagnosis/filter-names.js';
import type { Unseen } from '../../path/reason.js';

/** What would have to be known: `the routes of gateway`. */
export function unseenText(missing: Unseen): string {
  switch (missing.kind) {
    case 'routes':
      return `the routes of ${missing.node}`;
    case 'routes-of-link':
      return `the routes via ${missing.device}, which the kernel removed when it was set down`;
    case 'packet-filter':
      return `the packet filter of ${missing.node}`;
    case 'nat-rules':
      return `the NAT rules of ${missing.node}`;
    case 'link':
      return `the state of ${missing.device} on ${missing.node}`;
    case 'holder':
      return `which node has the address ${missing.address}`;
    case 'forwarding':
      return `whether ${missing.node} forwards`;
    case 'translation':
      return `whether ${missing.node} translates ${missing.source}`;
    case 'rule-match':
      return `what ${deciderText(missing.by)} matches`;
    case 'filter-effect':
      return `what ${deciderText(missing.by)} does`;
    case 'reflective-relay':
      return 'whether the switch sends back what it received (VEPA)';
  }
}

const SEVERAL: ReadonlySet<Unseen['kind']> = new Set(['routes', 'routes-of-link', 'nat-rules']);

/** The same as a sentence without its full stop: `the routes of gateway were not observed`. */
export function notSeenText(missing: Unseen): string {
  return `${unseenText(missing)} ${SEVERAL.has(missing.kind) ? 'were' : 'was'} not observed`;
}
