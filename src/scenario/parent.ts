export interface HostPlan {
  readonly interface: string;
  readonly addresses: readonly string[];
  /** What the interface is. Absent: a plain link. */
  readonly parent?: ParentPlan;
}

/** The modes of a Linux bond that one host and one switch can have. */
export const BOND_MODES = [
  'active-backup',
  'balance-rr',
  'balance-xor',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;
export type BondMode = (typeof BOND_MODES)[number];

/** An interface that is made of others, which are its `legs`. */
export type ParentPlan =
  | { readonly kind: 'bond'; readonly mode: BondMode; readonly legs: readonly string[] }
  | {
      readonly kind: 'bridge';
      readonly stp: boolean;
      readonly snooping: boolean;
      readonly legs: readonly string[];
    };
