import type { CauseId } from '../../src/diagnosis/causes/ids.js';
import {
  ALL,
  BRIDGED,
  fitsTo,
  ROUTED,
  UNTAGGED,
  type Breakage,
  type Broken,
  type Touched,
  type Where,
} from './breakage.js';

interface Entry {
  readonly where: Where;
  readonly touches: readonly Touched[];
  readonly parameters?: (broken: Broken) => Readonly<Record<string, unknown>>;
  /** Where the fault's id is no cause's, or another cause names it as well. */
  readonly causes?: readonly CauseId[];
}

const container = ({ setting }: Broken) => ({ container: setting.container });
const subnetOrAll = ({ random, plan }: Broken) => {
  const four = plan.networks[0]?.subnets.map(({ subnet }) => subnet).filter((subnet) => !subnet.includes(':')) ?? [];
  return four.length > 1 && random.chance(0.5) ? { subnet: random.pick(four) } : {};
};
const L2: Where = { modes: ['l2'], untagged: true };
const MACVLAN: Where = { modes: ['macvlan'], untagged: true };
const OUTPUT: Entry = { where: ROUTED, touches: ['host output'], parameters: subnetOrAll };
const ROUTES: Entry = { where: ROUTED, touches: ['router routes'], parameters: subnetOrAll };

/** Faults of the catalogue, with where each of them breaks something and what it may be given. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  'captive-portal-or-proxy-required': {
    where: ALL,
    touches: ['router NAT'],
    parameters: ({ random }) => ({ wants: random.pick(['login', 'proxy']) }),
  },
  'container-local-firewall-or-routes': {
    where: ALL,
    touches: ['container'],
    parameters: (broken) => ({
      ...container(broken),
      how: broken.random.pick(['kill-switch', 'input', 'policy-routes']),
    }),
  },
  'container-uses-host-or-gateway-ip': {
    where: { modes: ['l3'] },
    touches: ['container', 'host default'],
    parameters: ({ random }) => ({ whose: random.pick(['host', 'gateway']) }),
  },
  'default-route-not-via-parent': { where: ROUTED, touches: ['host default'] },
  'duplicate-ip-on-lan': {
    where: { ...BRIDGED, untagged: true },
    touches: ['container', 'peer'],
    parameters: container,
  },
  'duplicate-ip-on-same-parent': { where: L2, touches: ['container', 'parent'], parameters: container },
  'gateway-acl-drops-container-subnet': { where: ALL, touches: [], parameters: subnetOrAll },
  'gateway-missing-return-route': ROUTES,
  'gateway-no-nat-for-container-subnet': { where: ALL, touches: ['router NAT'], parameters: subnetOrAll },
  'gateway-rejects-many-ips-per-mac': { where: L2, touches: ['switch'] },
  'gateway-return-route-wrong-next-hop': ROUTES,
  'gateway-strict-rpf': ROUTES,
  'host-default-route-lost': { where: ROUTED, touches: ['host default'] },
  'host-firewalld': {
    where: { modes: ['l3'] },
    touches: ['host output'],
    parameters: () => ({ outgoing: 'reject' }),
    causes: ['host-output-firewall-drop'],
  },
  'host-masquerade-breaks-l3-conntrack': { where: { modes: ['l3'] }, touches: ['host table'], parameters: subnetOrAll },
  'host-output-drop-new-only': OUTPUT,
  'host-output-drops-ct-invalid': { where: { modes: ['l3'] }, touches: ['host output'] },
  'host-output-egress-killswitch': { where: ROUTED, touches: ['host output'] },
  'host-output-firewall-drop': OUTPUT,
  'host-policy-route-blocks-container-source': {
    where: ROUTED,
    touches: ['host table'],
    parameters: (broken) => ({
      ...subnetOrAll(broken),
      action: broken.random.pick(['unreachable', 'blackhole', 'prohibit']),
    }),
  },
  'host-route-overlaps-container-subnet': {
    where: { modes: ['l3'] },
    touches: ['host table'],
    parameters: subnetOrAll,
  },
  'host-ufw': {
    where: { modes: ['l3'] },
    touches: ['host output'],
    parameters: () => ({ outgoing: 'deny' }),
    causes: ['host-output-firewall-drop'],
  },
  'hypervisor-mac-filter': { where: MACVLAN, touches: ['switch'] },
  'internet-uplink-down': { where: ALL, touches: ['router NAT', 'internet'] },
  'ipv6-config': { where: { ...ALL, six: true }, touches: ['container'], parameters: container },
  'ipv6-l3-host-default-missing-or-other-nic': {
    where: { ...ROUTED, six: true },
    touches: ['host default'],
    parameters: ({ random }) => ({ way: random.pick(['missing', 'other-nic']) }),
  },
  'ipvlan-port-mode-flip': {
    where: { modes: ['l2', 'l3'] },
    touches: ['parent'],
    parameters: ({ setting }) => ({ mode: setting.mode === 'l3' ? 'l2' : 'l3' }),
  },
  'l3-host-path-needs-hairpin': { where: ROUTED, touches: [] },
  'l3s-host-input-firewall-drop': {
    where: { modes: ['l3s'] },
    touches: ['host table'],
    parameters: (broken) => ({ ...subnetOrAll(broken), stateful: broken.random.chance(0.5) }),
  },
  'mtu-mismatch': {
    where: ALL,
    touches: ['router lan0'],
    parameters: ({ random }) => ({ mtu: random.int(1280, 1480) }),
  },
  'no-gateway-configured': { where: ALL, touches: ['container'], parameters: container },
  'packet-loss': { where: ALL, touches: ['router lan0'] },
  'parent-down-or-no-carrier': {
    where: ALL,
    touches: ['parent', 'host default'],
    parameters: ({ random }) => ({ how: random.pick(['down', 'carrier']) }),
  },
  'parent-tc-xdp-or-netdev-filter': {
    where: UNTAGGED,
    touches: ['parent'],
    parameters: ({ random }) => ({ by: random.pick(['netdev', 'tc']), way: random.pick(['egress', 'ingress']) }),
  },
  'peer-local-firewall': { where: ROUTED, touches: ['peer'] },
  'service-bound-to-wrong-address': {
    where: ALL,
    touches: ['port'],
    parameters: (broken) => ({ ...container(broken), port: broken.random.int(10_000, 20_000) }),
  },
  'shim-misconfigured': { where: { ...BRIDGED, untagged: true }, touches: ['parent'] },
  'stale-neighbour-cache': { where: { ...BRIDGED, untagged: true }, touches: ['router lan0'], parameters: container },
  'stateful-gateway-asymmetric-path': { where: ROUTED, touches: [] },
  'switch-port-security': { where: MACVLAN, touches: ['switch'] },
  'target-unresponsive': {
    where: ALL,
    touches: ['internet'],
    parameters: ({ random }) => ({
      address: random.pick(['8.8.8.8', '1.1.1.1']),
      answers: random.pick(['tcp', 'nothing']),
    }),
  },
  'vlan-tag-mismatch': { where: { ...BRIDGED, vlan: true }, touches: ['switch'] },
  'vpn-bypass': { where: ROUTED, touches: ['host default'] },
  'wifi-parent': { where: MACVLAN, touches: ['switch'] },
};

/** Each fault of the catalogue that a random network may have. */
export const CATALOGUE: readonly Breakage[] = Object.entries(ENTRIES).map(
  ([id, { where, touches, parameters = () => ({}), causes }]) => ({
    name: id,
    causes: causes ?? [id as CauseId],
    freeForm: false,
    touches,
    fits: fitsTo(where),
    faults: (broken) => [{ fault: id, ...parameters(broken) }],
  }),
);
