import { outsideModel, type Applied } from '../applied.js';
import { operands, sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Loads a kernel module now and at every boot. */
export interface ModuleChange {
  readonly kind: 'module';
  readonly on: string;
  readonly module: string;
}

export function renderModule({ on: node, module }: ModuleChange): readonly Command[] {
  return [
    on(node, sh`modprobe ${operands(module)}`),
    on(node, sh`echo ${operands(module)} > /etc/modules-load.d/ipvlan-doctor.conf`),
  ];
}

/** Which drivers the kernel has is not in the model. */
export function applyModule(): Applied {
  return outsideModel('kernel-module');
}
