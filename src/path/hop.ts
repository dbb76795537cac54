/**
 * The places a packet can be lost at, in the order it meets them, forward and return. A cause names the one it acts at,
 * paths are made of them, and the picture in a report is drawn from those.
 */
export const HOPS = [
  'engine',
  'container',
  'container-route',
  'container-firewall',
  'sibling',
  'ipvlan',
  'host-route',
  'host-output',
  'host-input',
  'host-forward',
  'parent',
  'lan',
  'gateway',
  'gateway-route',
  'gateway-forward',
  'gateway-nat',
  'gateway-route-back',
  'uplink',
  'far-route',
  'target',
] as const;

export type Hop = (typeof HOPS)[number];
