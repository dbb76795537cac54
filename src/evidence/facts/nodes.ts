import type { NodeKind } from '../../scenario/plan.js';

export interface NodeFact {
  readonly name: string;
  readonly kind: NodeKind;
  /** Without prefix length. For the host: its addresses on the parent. */
  readonly addresses: readonly string[];
  /** What software a router runs, where its owner printed its configuration. Absent: not known, and for other nodes. */
  readonly software?: RouterSoftware;
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

/** Software of routers that print their configuration each in its own words. */
export type RouterSoftware =
  'linux' | 'openwrt' | 'unifi' | 'edgeos' | 'vyos' | 'routeros' | 'freebsd' | 'pfsense' | 'opnsense' | 'cisco-ios';
