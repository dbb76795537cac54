import type { CauseId } from '../../src/diagnosis/causes/ids.js';
import type { FaultFile } from '../../src/scenario/schema/schema.js';
import type { Broken, Touched, Where } from './breakage.js';

/** Something broken that no fault of the catalogue is. */
export interface Oddity {
  readonly name: string;
  readonly where: Where;
  readonly touches: readonly Touched[];
  readonly faults: (broken: Broken) => readonly FaultFile[];
  /** Causes whose sentence is true of it: the right thing at the right place. Absent: none. */
  readonly akin?: readonly CauseId[];
}

/** IPv4 subnets of the container's network. */
export const subnets = ({ plan }: Broken) =>
  (plan.networks[0]?.subnets ?? []).map(({ subnet }) => subnet).filter((subnet) => !subnet.includes(':'));
export const set = (broken: Broken) => `{ ${subnets(broken).join(', ')} }`;
export const own = ({ plan, setting }: Broken) =>
  plan.containers.find(({ name }) => name === setting.container)?.attachments[0]?.addresses[0] ?? '';
export const router = ({ plan }: Broken) => (plan.site.gateway.addresses[0] ?? '').split('/')[0] ?? '';
export const parent = ({ plan }: Broken) => plan.networks[0]?.parent ?? '';

/** A rule in a filter of the node's own, such as an administrator or an appliance writes. */
export function rule(on: string, chain: string, match: string): FaultFile {
  const table = 'ip appliance';
  return {
    on,
    run: `nft 'add table ${table}; add chain ${table} odd { ${chain}; policy accept; }; add rule ${table} odd ${match}'`,
    undo: `nft delete table ${table}`,
  };
}
