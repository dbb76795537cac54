import type { NetworkFact } from '../evidence/facts.js';
import { contains } from '../ip.js';
import { advice, type Remedy } from './cause.js';

/** The docker commands that make a network anew with the right gateway. Its containers have to be made anew after that. */
export function recreate({ name, driver, mode, parent, subnets }: NetworkFact, gateway: string | undefined): string {
  const words = subnets.map(({ subnet, gateway: old }) => {
    const right = gateway !== undefined && contains(subnet, gateway) ? gateway : (old ?? 'GATEWAY');
    return `--subnet ${subnet} --gateway ${right}`;
  });
  const option = mode === undefined ? '' : ` -o ${driver}_mode=${mode}`;
  return `docker network rm ${name} && docker network create -d ${driver} ${words.join(' ')} -o parent=${parent}${option} ${name}`;
}

/** Advice to make a network anew with one subnet that is right. Its containers have to be made anew after that. */
export function recreateAs(
  title: string,
  { name, driver, mode, parent }: NetworkFact,
  { subnet, gateway = 'GATEWAY', range }: { subnet: string; gateway?: string | undefined; range?: string | undefined },
): Remedy {
  const option = mode === undefined ? '' : ` -o ${driver}_mode=${mode}`;
  const part = range === undefined ? '' : ` --ip-range ${range}`;
  return advice(title, 'docker', [
    `docker network rm ${name} && docker network create -d ${driver} --subnet ${subnet} --gateway ${gateway}${part} -o parent=${parent}${option} ${name}`,
  ]);
}
