import { AddressBook } from './settle/address-book.js';
import type { NetworkPlan } from './plan.js';
import { Problems } from './problems.js';
import type { NetworkFile } from './schema/schema.js';
import { settleNetworks } from './settle/settle-networks.js';

/**
 * A network as flags describe it, settled.
 *
 * @throws DoctorError `SCENARIO_INVALID` for what Docker or the kernel always rejects
 */
export function wantedNetwork(file: NetworkFile): NetworkPlan {
  const problems = new Problems({ file: 'the command line', locate: () => ({ line: 1, column: 1 }) });
  const [network] = settleNetworks([file], undefined, new AddressBook(problems));
  problems.throwIfAny();
  return network as NetworkPlan;
}
