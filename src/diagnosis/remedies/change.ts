import type { Command } from '../command.js';
import { renderAddress, type AddressChange } from './changes/address.js';
import { renderCreateLink, type CreateLinkChange } from './changes/create-link.js';
import { renderLinkType, type LinkTypeChange } from './changes/link-type.js';
import { renderAllow, type AllowChange } from './changes/allow.js';
import { renderConntrack, type ConntrackChange } from './changes/conntrack.js';
import { renderContainerAddress, type ContainerAddressChange } from './changes/container-address.js';
import { renderFirewalld, type FirewalldChange } from './changes/firewalld.js';
import { renderLink, type LinkChange } from './changes/link.js';
import { renderNat, type NatChange } from './changes/nat.js';
import { renderNatChain, type NatChainChange } from './changes/nat-chain.js';
import { renderNeighbour, type NeighbourChange } from './changes/neighbour.js';
import { renderMasquerade, type MasqueradeChange } from './changes/masquerade.js';
import { renderMembership, type MembershipChange } from './changes/membership.js';
import { renderModule, type ModuleChange } from './changes/module.js';
import { renderNetwork, type NetworkChange } from './changes/network.js';
import { renderPolicyRule, type PolicyRuleChange } from './changes/policy-rule.js';
import { renderQueue, type QueueChange } from './changes/queue.js';
import { renderPortForward, type PortForwardChange } from './changes/port-forward.js';
import { renderRoute, type RouteChange } from './changes/route.js';
import { renderService, type ServiceChange } from './changes/service.js';
import { renderSysctl, type SysctlChange } from './changes/sysctl.js';
import { renderTcFilter, type TcFilterChange } from './changes/tc-filter.js';
import { renderToLayer2, type ToLayer2Change } from './changes/to-layer2.js';
import { renderUfw, type UfwChange } from './changes/ufw.js';
import { renderVlan, type VlanChange } from './changes/vlan.js';

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
