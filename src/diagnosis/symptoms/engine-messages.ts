import type { CauseId } from '../causes/ids.js';

/**
 * Error messages of Docker Engine and Podman, by the cause that explains them. From moby's libnetwork, its drivers ipvlan and
 * macvlan and its IPAM, versions 19.03 to 29, and from netavark.
 */
export const MESSAGES = {
  'custom-mac-on-ipvlan': [/ipvlan interfaces do not support custom mac address assignment/],
  'duplicate-mac-on-parent': [
    // Kernels before 5.16 say "busy".
    /failed to set link up: (?:address already in use|device or resource busy)/i,
    /set macvlan up: Netlink error: (?:address already in use|device or resource busy)/i,
  ],
  'ipvlan-mode-not-valid': [
    /requested (?<driver>ipvlan|macvlan) (?<what>mode|flag) '(?<value>[^']*)' is not valid/,
    /unknown (?<driver>macvlan|ipvlan) (?<what>mode) "?(?<value>[\w-]*)"?/,
  ],
  'parent-already-used-by-ipvlan-network': [/(?<holder>\S+) is already using parent interface (?<parent>\S+)/],
  'parent-rx-handler-busy': [
    /failed to create the (?<driver>ipvlan|macvlan) port: device or resource busy/,
    /create (?<driver>ipvlan|macvlan) interface: Netlink error: Device or resource busy/i,
  ],
  'parent-not-ethernet': [
    /loopback interface is not a valid (?<driver>ipvlan|macvlan) parent link/,
    /failed to create the (?<driver>ipvlan|macvlan) port: invalid argument/,
  ],
  'parent-not-found': [
    /invalid subinterface vlan name (?<parent>\S+), example formatting is/,
    /required interface name format is: name\.vlan_id, ex\. eth0\.10 for vlan 10, instead received (?<parent>\S+)/,
    /unable to parse a valid vlan id from: (?<parent>\S+)/,
    /-o parent interface was not found on the host: (?<parent>\S+)/,
    /vlan id must be between 1-4094, received: (?<vlan>-?\d+)/,
    /the requested parent interface (?<parent>\S+) was not found on the Docker host/,
  ],
  'parent-down-or-no-carrier': [
    /failed to enable (?<parent>\S+) the (?<driver>ipvlan|macvlan) parent link/,
    /failed to advertise addresses: .*sendmsg: network is unreachable/,
  ],
  'network-not-restored-after-boot': [
    /network id "(?<id>[0-9a-f]+)" not found/,
    /could not create (?<driver>ipvlan|macvlan) network for id (?<id>\S+) from persistent state/,
  ],
  'l3-beside-another-network': [
    /error setting interface "[^"]*" routes to \["(?:0\.0\.0\.0|::)\/0"\]: file exists/,
    /failed to set gateway while updating gateway: file exists/,
  ],
  'kernel-lacks-ipvlan': [
    /failed to create the (?<driver>ipvlan|macvlan) port: operation not supported/,
    /failed to create (?<link>\S+) (?<driver>vlan) link: operation not supported/,
    /kernel version failed to meet the minimum (?<driver>ipvlan|macvlan) kernel requirement/,
    /plugin "(?<driver>ipvlan|macvlan)" not found/,
    /create (?<driver>ipvlan|macvlan) interface: Netlink error: Operation not supported/i,
    /unsupported driver (?<driver>ipvlan|macvlan): invalid argument/,
    /\boperation not supported\b/,
  ],
  'config-only-or-swarm-misuse': [
    /configuration[- ](?:only )?networks?\b/i,
    /config(?:uration)?-only/i,
    /is not a swarm manager/,
    /not manually attachable/,
  ],
  'ipam-rejects-address': [
    /no configured subnet(?: or ip-range)? contains? (?:the )?IP address (?<address>\S+)/,
    /[Ii]nvalid address (?<address>\S+): [Ii]t does not belong to any of this network's subnets/,
    /Pool overlaps with other one on this address space/,
    /user[- ]specified IP address is supported/,
    /failed to allocate gateway \((?<address>[^)]+)\): Address already in use/,
    /(?:^|: )Address already in use$/,
    /no matching subnet for (?:gateway|aux-address|range) (?<address>[^\s,]+)/,
    /no available (?:IPv[46] )?addresses on this (?:network's address pools|pool)/i,
    /all predefined address pools have been fully subnetted/,
    /ipv[46] pool is empty/,
    /could not find a valid ipv[46] subnet for endpoint/,
    /gateway (?<address>\S+) is not a valid ipv[46] address/,
    /invalid gateway (?<address>\S+): parent subnet \S+ doesn't contain this address/,
    /[Rr]equested address is out of range/,
  ],
} as const satisfies Readonly<Partial<Record<CauseId, readonly RegExp[]>>>;

/** The causes that a message of the engine tells. */
export type EngineErrorCause = keyof typeof MESSAGES;
