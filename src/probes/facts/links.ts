import type { Link } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured } from './fact-probe.js';
import { documentOf, STATE } from './network-state.js';

export const links = defineFactProbe({
  id: 'links',
  title: 'Links and their addresses, with IPvlan mode and flag, and the legs of bonds and bridges',
  establishes: 'links',
  wanted: isConfigured,
  readings: [STATE],
  parse: (printed) => parseLinks(documentOf(printed.by(STATE), 0)),
});

interface LinkOutput {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly operstate: string;
  readonly mtu: number;
  readonly address?: string;
  readonly link_type?: string;
  readonly master?: string;
  /** The link below by its name; one in another namespace has only an index. */
  readonly link?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: {
      readonly mode?: string;
      /** iproute2 prints an IPvlan link's flag as the one of these that is true. */
      readonly bridge?: boolean;
      readonly private?: boolean;
      readonly vepa?: boolean;
      readonly id?: number;
      /** Of a bond. */
      readonly active_slave?: string;
      /** Of a bridge. */
      readonly stp_state?: number;
      readonly mcast_snooping?: number;
    };
    /** What the link is a port of: `bond`, `bridge`, … */
    readonly info_slave_kind?: string;
    readonly info_slave_data?: {
      readonly state?: string;
      readonly mii_status?: string;
      readonly link_failure_count?: number;
      readonly perm_hwaddr?: string;
    };
  };
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/** `ip -details -json address show`. iproute2 prints `{}` for links it was asked to leave out. */
export function parseLinks(json: string): readonly Link[] {
  const links = JSON.parse(json) as readonly Partial<LinkOutput>[];
  return links.filter((link): link is LinkOutput => link.ifname !== undefined).map(parseLink);
}

const IPVLAN_FLAGS = ['bridge', 'private', 'vepa'] as const;

function parseLink(link: LinkOutput): Link {
  const data = link.linkinfo?.info_data;
  return {
    index: link.ifindex,
    name: link.ifname,
    adminUp: link.flags.includes('UP'),
    carrier: link.flags.includes('LOWER_UP'),
    operState: link.operstate,
    noArp: link.flags.includes('NOARP'),
    mtu: link.mtu,
    mac: link.link_type === 'ether' ? link.address : undefined,
    kind: link.linkinfo?.info_kind,
    mode: data?.mode,
    flag: IPVLAN_FLAGS.find((flag) => data?.[flag] === true),
    vlan: link.linkinfo?.info_kind === 'vlan' ? data?.id : undefined,
    ...(/^(?:ip|mac)?vlan$/.test(link.linkinfo?.info_kind ?? '') && link.link ? { lower: link.link } : {}),
    controller: link.master,
    addresses: (link.addr_info ?? []).flatMap(({ local, prefixlen }) => (local ? [`${local}/${prefixlen}`] : [])),
    ...asController(link.linkinfo),
    ...asLeg(link.linkinfo),
  };
}

/** What a bond or a bridge says of itself. */
function asController(linkinfo: LinkOutput['linkinfo']): Pick<Link, 'bond' | 'bridge'> {
  const data = linkinfo?.info_data;
  switch (linkinfo?.info_kind) {
    case 'bond':
      return { bond: { activeLeg: data?.active_slave } };
    case 'bridge':
      return { bridge: { stp: (data?.stp_state ?? 0) > 0, snooping: (data?.mcast_snooping ?? 0) > 0 } };
    default:
      return {};
  }
}

/** How a bond or a bridge uses one of its ports. */
function asLeg(linkinfo: LinkOutput['linkinfo']): Pick<Link, 'leg'> {
  const data = linkinfo?.info_slave_data;
  if (!/^(?:bond|bridge)$/.test(linkinfo?.info_slave_kind ?? '') || data?.state === undefined) return {};
  return {
    leg: {
      state: data.state.toLowerCase(),
      mii: data.mii_status?.toLowerCase(),
      failures: data.link_failure_count,
      permanentMac: data.perm_hwaddr,
    },
  };
}
