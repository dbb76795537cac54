import type { FactName, Facts } from '../../evidence/facts.js';

/** A copy of the state with a change made, or why the model cannot say what the change does. */
export type Applied = { readonly facts: Partial<Facts> } | { readonly why: NotPredictable };

/** Why the effect of a change cannot be predicted. */
export type NotPredictable =
  /** A person makes it, or another platform's console. */
  | { readonly kind: 'by-hand'; readonly on: string }
  /** The reader has to fill something in. */
  | { readonly kind: 'to-fill-in' }
  /** What it changes is in no fact: a module, a service, a switch's VLANs. */
  | { readonly kind: 'not-in-model'; readonly what: OutsideModel }
  /** What it changes was not seen. */
  | { readonly kind: 'not-seen'; readonly node: string; readonly fact: FactName }
  /** The kernel or Docker would reject it. */
  | { readonly kind: 'rejected'; readonly because: Rejection }
  /** Docker chooses another address for a container. */
  | { readonly kind: 'new-address'; readonly container: string }
  /** By the model the checks that fail should pass already: what stops them is outside of it. */
  | { readonly kind: 'fault-not-in-model' };

export type OutsideModel =
  | 'kernel-module'
  | 'service'
  | 'switch-vlan'
  | 'packet-loss'
  | 'firewalld'
  | 'port-forward'
  | 'membership'
  | 'sysctl'
  | 'stopped-container';

/** Why a change does not succeed, with what it is about. */
export type Rejection =
  | { readonly kind: 'no-such-node'; readonly node: string }
  | { readonly kind: 'no-such-link'; readonly node: string; readonly device: string }
  | { readonly kind: 'link-is-down'; readonly node: string; readonly device: string }
  | { readonly kind: 'no-such-route'; readonly node: string; readonly destination: string }
  | { readonly kind: 'no-such-rule'; readonly node: string; readonly priority: number }
  | { readonly kind: 'no-such-chain'; readonly node: string; readonly table: string; readonly chain: string }
  | { readonly kind: 'no-such-network'; readonly network: string }
  | { readonly kind: 'next-hop-not-on-link'; readonly node: string; readonly via: string };

export function applied(facts: Partial<Facts>): Applied {
  return { facts };
}

export function notPredictable(why: NotPredictable): Applied {
  return { why };
}

export function outsideModel(what: OutsideModel): Applied {
  return { why: { kind: 'not-in-model', what } };
}

export function rejected(because: Rejection): Applied {
  return { why: { kind: 'rejected', because } };
}

/** Whether a part of the state that a change needs was seen, as the reason why it is not predictable; `undefined` when it was. */
export function unseenPart(
  facts: Partial<Facts>,
  node: string,
  ...parts: readonly Extract<FactName, 'links' | 'routes' | 'rules' | 'sysctls' | 'firewall' | 'linkFilters'>[]
): Applied | undefined {
  if (facts.nodes && !facts.nodes.some(({ name }) => name === node))
    return notPredictable({ kind: 'by-hand', on: node });
  const fact = parts.find((part) => facts[part]?.[node] === undefined);
  return fact && notPredictable({ kind: 'not-seen', node, fact });
}
