import type { Command } from '../command.js';
import { renderAddress, type AddressChange } from './changes/address.js';
import { renderLink, type LinkChange } from './changes/link.js';
import { renderNeighbour, type NeighbourChange } from './changes/neighbour.js';
import { renderMembership, type MembershipChange } from './changes/membership.js';
import { renderNetwork, type NetworkChange } from './changes/network.js';
import { renderPolicyRule, type PolicyRuleChange } from './changes/policy-rule.js';
import { renderRoute, type RouteChange } from './changes/route.js';
import { renderSysctl, type SysctlChange } from './changes/sysctl.js';

/** One change that a remedy makes, as data: its commands and their undo are rendered of it, one renderer for each kind. */
export type Change =
  | AddressChange
  | LinkChange
  | MembershipChange
  | NeighbourChange
  | NetworkChange
  | PolicyRuleChange
  | RouteChange
  | SysctlChange
  /** A line for a person or another platform's console, which no program of ours reads. */
  | (Command & { readonly kind?: undefined });

/** The commands that make a change, each with its undo where there is one. */
export function commandsFor(change: Change): readonly Command[] {
  switch (change.kind) {
    case 'address':
      return renderAddress(change);
    case 'link':
      return renderLink(change);
    case 'membership':
      return renderMembership(change);
    case 'neighbour':
      return renderNeighbour(change);
    case 'network':
      return renderNetwork(change);
    case 'policy-rule':
      return renderPolicyRule(change);
    case 'route':
      return renderRoute(change);
    case 'sysctl':
      return renderSysctl(change);
    case undefined:
      return [change];
  }
}
