import type { NodeKind } from '../../scenario/plan.js';

export interface NodeFact {
  readonly name: string;
  readonly kind: NodeKind;
  /** Without prefix length. For the host: its addresses on the parent. */
  readonly addresses: readonly string[];
}
