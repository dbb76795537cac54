import type { Facts, NetworkFact } from '../../../evidence/facts.js';
import { withNetwork } from '../../../network/edit/docker.js';
import { applied, notPredictable, outsideModel, rejected, type Applied } from '../applied.js';
import { openIn, type NetworkChange } from './network.js';

/**
 * The network as it is wanted, with the containers that were on it. One that is only created has none: it takes the place of the
 * network of its name where there is one.
 */
export function applyNetwork(facts: Partial<Facts>, change: NetworkChange): Applied {
  if (openIn(change).length > 0) return notPredictable({ kind: 'to-fill-in' });
  const { network, wanted } = change;
  const known = facts.networks?.find(({ name }) => name === network.name);
  if (!known) {
    // A network that the engine rejected has no containers yet, whose links a model would have to invent.
    return change.do === 'create'
      ? outsideModel('stopped-container')
      : rejected({ kind: 'no-such-network', network: network.name });
  }
  const { parent, subnets, ...rest } = wanted;
  const whole: NetworkFact = {
    ...known,
    ...rest,
    ...('parent' in wanted ? { parent: parent as string | undefined } : {}),
    // Nothing is left to fill in, so that every part is a text.
    ...(subnets === undefined ? {} : { subnets: subnets as NetworkFact['subnets'] }),
  };
  const made = withNetwork(facts, asCreated(whole, wanted));
  return 'moved' in made ? notPredictable({ kind: 'new-address', container: made.moved }) : applied(made.facts);
}

/** What Docker makes of what is not asked for: its driver's default mode. */
function asCreated(network: NetworkFact, { driver, mode, flag }: NetworkChange['wanted']): NetworkFact {
  if (driver === undefined) return network;
  const usual = { ipvlan: 'l2', macvlan: 'bridge', bridge: undefined }[driver];
  return { ...network, mode: mode ?? usual, flag };
}
