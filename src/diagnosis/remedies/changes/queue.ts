import { outsideModel, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** The share of packets that a netem queue loses, set to nothing. */
export interface QueueChange {
  readonly kind: 'queue';
  readonly on: string;
  readonly device: string;
  /** The class of another queue it is in; absent for a link's own. */
  readonly parent: string | undefined;
  /** As `tc` takes them: what it is put back to. */
  readonly was: string;
}

export function renderQueue({ on: node, device, parent, was }: QueueChange): readonly Command[] {
  const place = parent === undefined ? sh`root` : sh`parent ${parent}`;
  const change = sh`tc qdisc change dev ${device} ${place} netem`;
  return [on(node, sh`${change} loss 0%`, sh`${change} ${was.split(/\s+/)}`)];
}

/** What a queue loses is not in the model. */
export function applyQueue(): Applied {
  return outsideModel('packet-loss');
}
