import { outsideModel, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Restarts a system service. */
export interface ServiceChange {
  readonly kind: 'service';
  readonly on: string;
  readonly do: 'restart';
  readonly service: string;
}

export function renderService({ on: node, do: action, service }: ServiceChange): readonly Command[] {
  return [on(node, sh`systemctl ${action} ${service}`)];
}

/** What a restart does is not in the model. */
export function applyService(): Applied {
  return outsideModel('service');
}
