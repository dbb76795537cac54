import type { Hop } from '../../path/hop.js';

/** Each place on a packet's way, in a few words. */
export const HOP_TEXTS: Readonly<Record<Hop, string>> = {
  engine: 'Docker Engine, before any packet',
  container: 'the container',
  'container-route': "the container's own routes",
  'container-firewall': "the container's own packet filter",
  sibling: 'the parent that both containers share',
  ipvlan: 'the link between container and parent',
  'host-route': "the host's route lookup, pinned to the parent",
  'host-output': "the host's OUTPUT and POSTROUTING hooks",
  'host-input': "the host's PREROUTING and INPUT hooks",
  'host-forward': "the host's FORWARD hook",
  parent: 'the parent link',
  lan: 'the LAN',
  gateway: 'the router',
  'gateway-route': "the router's route to the target",
  'gateway-forward': "the router's forwarding filter",
  'gateway-nat': "the router's source NAT",
  'gateway-route-back': "the router's route back to the container",
  uplink: "the router's uplink",
  'far-route': "the far end's own routes",
  target: 'the target',
};
