import type { NodeFact } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import type { ChainPlace } from '../../network/packet-filter.js';
import { embedded, sh, type ShellCommand } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import type { Flow } from '../flow.js';
import type { Change } from './change.js';
import { masqueradeOnHost } from './cloud-egress.js';

/** What a gateway does not translate, and where it should. */
export interface Untranslated {
  readonly flow: Flow;
  readonly gateway: NodeFact;
  readonly uplink: string;
  readonly subnets: readonly string[];
  /** The chain of the gateway's source NAT; absent when it has none. */
  readonly chain: ChainPlace | undefined;
  /** The Docker host's node. */
  readonly host: string;
}

const OWN_CHAIN: ChainPlace = { backend: 'nftables', family: 'ip', table: 'ipvlan_doctor', chain: 'postrouting' };

/** Adds subnets to the source NAT of a gateway, or of the Docker host where the gateway cannot. */
export function translateOnGateway({ flow, gateway, uplink, subnets, chain, host }: Untranslated): readonly Remedy[] {
  const at = chain ?? OWN_CHAIN;
  const create: readonly Change[] = chain ? [] : [{ kind: 'nat-chain', on: gateway.name, at }];
  const translate = subnets.map((subnet): Change => ({
    kind: 'nat',
    do: 'masquerade',
    on: gateway.name,
    at,
    subnet,
    device: uplink,
  }));
  const title = 'If the router cannot do it, recreate the network in L3S mode and masquerade on the Docker host';
  return [
    { title: "Add the container subnets to the router's source NAT", use: 'run', changes: [...create, ...translate] },
    ...onOtherGateways(gateway.name, { uplink, subnets }),
    ...(flow.network && isLayer3(flow.network)
      ? [masqueradeOnHost(host, { network: flow.network, subnets }, title)]
      : []),
  ];
}

function onOtherGateways(
  gateway: string,
  { uplink, subnets }: Pick<Untranslated, 'uplink' | 'subnets'>,
): readonly Remedy[] {
  const each = (command: (subnet: string) => ShellCommand) => subnets.map(command);
  return [
    advice(
      'The same with iptables, as on older OpenWrt',
      gateway,
      each((subnet) => sh`iptables -t nat -A POSTROUTING -s ${subnet} -o ${embedded`${uplink}`} -j MASQUERADE`),
    ),
    advice(
      'The same on MikroTik',
      gateway,
      each(
        (subnet) =>
          sh`/ip firewall nat add chain=srcnat src-address=${embedded`${subnet}`} out-interface-list=WAN action=masquerade`,
      ),
    ),
    advice('The same on pfSense / OPNsense', gateway, [
      sh`# Firewall > NAT > Outbound: hybrid mode, then a rule on WAN for the sources ${subnets}`,
    ]),
  ];
}
