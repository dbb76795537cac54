import type { NodeKind } from '../../scenario/plan.js';

export interface NodeFact {
  readonly name: string;
  readonly kind: NodeKind;
  /** Without prefix length. For the host: its addresses on the parent. */
  readonly addresses: readonly string[];
  /** The ports of a switch, and the node each leads to. Absent for other nodes. */
  readonly ports?: readonly SwitchPort[];
}

/** A port of a switch. */
export interface SwitchPort {
  /** The node that the port leads to. */
  readonly node: string;
  /** The port's own name on the switch. */
  readonly device: string;
}
