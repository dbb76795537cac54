import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** Sets the IPvlan link of a container to mode L2, with a default route via a router. The mode of every link on its parent follows. */
export interface ToLayer2Change {
  readonly kind: 'to-layer-2';
  readonly on: string;
  readonly device: string;
  readonly via: string;
  /** The mode it had. */
  readonly was: string;
}

export function renderToLayer2({ on: node, device, via, was }: ToLayer2Change): readonly Command[] {
  const route = sh`${ipFor(via)} route replace default`;
  return [
    on(
      node,
      sh`ip link set dev ${device} type ipvlan mode l2 && ${route} via ${via}`,
      sh`ip link set dev ${device} type ipvlan mode ${was} && ${route} dev ${device}`,
    ),
  ];
}
