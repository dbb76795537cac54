import type { Facts } from '../../evidence/facts.js';
import type { Command } from '../command.js';
import { applied, notPredictable, type Applied } from './applied.js';
import { applyAddress, renderAddress, type AddressChange } from './changes/address.js';
import { applyCreateLink, renderCreateLink, type CreateLinkChange } from './changes/create-link.js';
import { applyLinkType, renderLinkType, type LinkTypeChange } from './changes/link-type.js';
import { applyAllow, renderAllow, type AllowChange } from './changes/allow.js';
import { applyConntrack, renderConntrack, type ConntrackChange } from './changes/conntrack.js';
import {
  applyContainerAddress,
  renderContainerAddress,
  type ContainerAddressChange,
} from './changes/container-address.js';
import { applyFirewalld, renderFirewalld, type FirewalldChange } from './changes/firewalld.js';
import { applyLink, renderLink, type LinkChange } from './changes/link.js';
import { applyNat, renderNat, type NatChange } from './changes/nat.js';
import { applyNatChain, renderNatChain, type NatChainChange } from './changes/nat-chain.js';
import { applyNeighbour, renderNeighbour, type NeighbourChange } from './changes/neighbour.js';
import { applyMasquerade, renderMasquerade, type MasqueradeChange } from './changes/masquerade.js';
import { applyMembership, renderMembership, type MembershipChange } from './changes/membership.js';
import { applyModule, renderModule, type ModuleChange } from './changes/module.js';
import { renderNetwork, type NetworkChange } from './changes/network.js';
import { applyNetwork } from './changes/network-applied.js';
import { applyPolicyRule, renderPolicyRule, type PolicyRuleChange } from './changes/policy-rule.js';
import { applyQueue, renderQueue, type QueueChange } from './changes/queue.js';
import { applyPortForward, renderPortForward, type PortForwardChange } from './changes/port-forward.js';
import { applyRoute, renderRoute, type RouteChange } from './changes/route.js';
import { applyService, renderService, type ServiceChange } from './changes/service.js';
import { applySysctl, renderSysctl, type SysctlChange } from './changes/sysctl.js';
import { applyTcFilter, renderTcFilter, type TcFilterChange } from './changes/tc-filter.js';
import { applyToLayer2, renderToLayer2, type ToLayer2Change } from './changes/to-layer2.js';
import { applyUfw, renderUfw, type UfwChange } from './changes/ufw.js';
import { applyVlan, renderVlan, type VlanChange } from './changes/vlan.js';

/** One change that a remedy makes, as data: its commands and their undo are rendered of it, one renderer for each kind. */
export type Change =
  | KnownChange
  /** A line for a person or another platform's console, which no program of ours reads. */
  | (Command & { readonly kind?: undefined });

type KnownChange =
  | AddressChange
  | AllowChange
  | ConntrackChange
  | ContainerAddressChange
  | CreateLinkChange
  | FirewalldChange
  | LinkChange
  | LinkTypeChange
  | MasqueradeChange
  | MembershipChange
  | ModuleChange
  | NatChainChange
  | NatChange
  | NeighbourChange
  | NetworkChange
  | PolicyRuleChange
  | PortForwardChange
  | QueueChange
  | RouteChange
  | ServiceChange
  | SysctlChange
  | TcFilterChange
  | ToLayer2Change
  | UfwChange
  | VlanChange;

type Kind = KnownChange['kind'];

const RENDERERS: {
  readonly [Each in Kind]: (change: Extract<KnownChange, { readonly kind: Each }>) => readonly Command[];
} = {
  address: renderAddress,
  allow: renderAllow,
  conntrack: renderConntrack,
  'container-address': renderContainerAddress,
  'create-link': renderCreateLink,
  firewalld: renderFirewalld,
  link: renderLink,
  'link-type': renderLinkType,
  masquerade: renderMasquerade,
  membership: renderMembership,
  module: renderModule,
  nat: renderNat,
  'nat-chain': renderNatChain,
  neighbour: renderNeighbour,
  network: renderNetwork,
  'policy-rule': renderPolicyRule,
  'port-forward': renderPortForward,
  queue: renderQueue,
  route: renderRoute,
  service: renderService,
  sysctl: renderSysctl,
  'tc-filter': renderTcFilter,
  'to-layer-2': renderToLayer2,
  ufw: renderUfw,
  vlan: renderVlan,
};

const APPLIERS: {
  readonly [Each in Kind]: (facts: Partial<Facts>, change: Extract<KnownChange, { readonly kind: Each }>) => Applied;
} = {
  address: applyAddress,
  allow: applyAllow,
  conntrack: applyConntrack,
  'container-address': applyContainerAddress,
  'create-link': applyCreateLink,
  firewalld: applyFirewalld,
  link: applyLink,
  'link-type': applyLinkType,
  masquerade: applyMasquerade,
  membership: applyMembership,
  module: applyModule,
  nat: applyNat,
  'nat-chain': applyNatChain,
  neighbour: applyNeighbour,
  network: applyNetwork,
  'policy-rule': applyPolicyRule,
  'port-forward': applyPortForward,
  queue: applyQueue,
  route: applyRoute,
  service: applyService,
  sysctl: applySysctl,
  'tc-filter': applyTcFilter,
  'to-layer-2': applyToLayer2,
  ufw: applyUfw,
  vlan: applyVlan,
};

/** The commands that make a change, each with its undo where there is one. */
export function commandsFor(change: Change): readonly Command[] {
  return change.kind === undefined ? [change] : (RENDERERS[change.kind] as (one: Change) => readonly Command[])(change);
}

/** Each change once, at its first place: those whose commands are the same. */
export function distinctChanges(changes: readonly Change[]): readonly Change[] {
  const known: Command[] = [];
  return changes.filter((change) => {
    const commands = commandsFor(change);
    const repeated = commands.every((one) => known.some(({ on, run }) => on === one.on && run.equals(one.run)));
    known.push(...commands);
    return !repeated;
  });
}

/** The state once some changes are made, one after the other, or why the first that cannot be applied to the model cannot. */
export function applyAll(facts: Partial<Facts>, changes: readonly Change[]): Applied {
  return changes.reduce<Applied>(
    (before, change) => ('why' in before ? before : applyOne(before.facts, change)),
    applied(facts),
  );
}

function applyOne(facts: Partial<Facts>, change: Change): Applied {
  if (change.kind === undefined) return notPredictable({ kind: 'by-hand', on: change.on });
  return (APPLIERS[change.kind] as (state: Partial<Facts>, one: Change) => Applied)(facts, change);
}
