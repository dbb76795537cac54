import { familyOf } from '../../../ip.js';
import { embedded, sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Translates the source of what a subnet sends beyond itself through a device, with iptables. */
export interface MasqueradeChange {
  readonly kind: 'masquerade';
  readonly on: string;
  readonly subnet: string;
  readonly device: string;
}

export function renderMasquerade({ on: node, subnet, device }: MasqueradeChange): readonly Command[] {
  const program = familyOf(subnet) === 6 ? sh`ip6tables` : sh`iptables`;
  const rule = sh`POSTROUTING -s ${subnet} ! -d ${subnet} -o ${embedded`${device}`} -j MASQUERADE`;
  return [on(node, sh`${program} -t nat -A ${rule}`, sh`${program} -t nat -D ${rule}`)];
}
