import type { Hop } from '../../path/hop.js';

/** Each place on a packet's way, in a few words. */
export const HOP_TEXTS: Readonly<Record<Hop, string>> = {
  engine: 'Docker Engine, before there is any packet',
  container: 'the container',
  'container-route': "the container's own routes",
  'container-firewall': "the container's own packet filter",
  sibling: 'straight from one container to the other, on the parent they share',
  ipvlan: 'the link between container and parent',
  'host-route': "the host's route lookup, pinned to the parent",
  'host-output': "the host's OUTPUT and POSTROUTING hooks",
  'host-input': "the host's PREROUTING and INPUT hooks",
  'host-forward': "the host's FORWARD hook",
  parent: 'the parent link',
  lan: 'the LAN',
  gateway: 'the gateway',
  'gateway-route': "the gateway's route to the target",
  'gateway-forward': "the gateway's forwarding filter",
  'gateway-nat': "the gateway's source NAT",
  'gateway-route-back': "the gateway's route back to the container",
  uplink: "the gateway's uplink",
  'far-route': "the far end's own routes",
  target: 'the target',
};
