import { outsideModel, type Applied } from '../applied.js';
import { embedded, sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Where a service is reached, or listens. */
interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Forwards what comes in for one address of a node to another of its addresses, in an nftables table of its own. */
export interface PortForwardChange {
  readonly kind: 'port-forward';
  readonly on: string;
  readonly protocol: 'tcp' | 'udp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly table: string;
}

export function renderPortForward({ on: node, protocol, from, to, table }: PortForwardChange): readonly Command[] {
  const six = to.address.includes(':');
  const family = six ? 'ip6' : 'ip';
  const target = six ? embedded`[${to.address}]:${to.port}` : embedded`${to.address}:${to.port}`;
  return [
    on(
      node,
      sh`nft add table ${family} ${table} && nft add chain ${family} ${table} prerouting '{ type nat hook prerouting priority dstnat; }' && nft add rule ${family} ${table} prerouting ${family} daddr ${embedded`${from.address}`} ${protocol} dport ${from.port} dnat to ${target}`,
      sh`nft delete table ${family} ${table}`,
    ),
  ];
}

/** No destination is translated in the model. */
export function applyPortForward(): Applied {
  return outsideModel('port-forward');
}
