import type { Engine, Inspected } from '../../engine/engine.js';
import type { NetworkFact, Refusal } from '../../evidence/facts.js';
import { familyOf, hostAddresses, sameAddress } from '../../ip.js';
import type { NetworkPlan } from '../../scenario/plan.js';
import type { Cleanup } from '../../topology/cleanup.js';
import { asPlanned } from '../../topology/docker-networks.js';
import { askedNetworkOf, refusalOf } from '../../topology/refused.js';

/** Names of the two containers among the nodes. */
export const TRIAL_CONTAINERS = ['trial-1', 'trial-2'] as const;

/** Addresses of a range that are looked at: those Docker gives away first. */
const LOOKED_AT = 32;

interface Ground {
  readonly engine: Engine;
  readonly cleanup: Cleanup;
  readonly image: string;
  readonly run: string;
  /** Addresses that other machines have. */
  readonly not: readonly string[];
}

/** What exists of a network that was tried out. */
interface TriedOut {
  readonly network: NetworkFact;
  readonly containers: readonly Inspected[];
  readonly refusals: readonly Refusal[];
}

/**
 * Creates a network and two containers, which `cleanup` removes again. Docker's rejection ends it, and is its result.
 *
 * @throws DoctorError for any other error than a rejection by the engine
 */
export async function tryOut(plan: NetworkPlan, { engine, cleanup, image, run, not }: Ground): Promise<TriedOut> {
  const name = `ipvlan-doctor-${run}`;
  const asked = askedNetworkOf(plan);
  let id: string;
  try {
    id = await engine.createNetwork({ ...plan, name }, run);
  } catch (error) {
    const refusals = [refusalOf(error, { step: 'create-network', networks: [asked], container: undefined })];
    return {
      network: { ...asked, id: '' },
      containers: TRIAL_CONTAINERS.map((one) => absent(one, plan.name)),
      refusals,
    };
  }
  cleanup.defer(`remove network ${name}`, () => engine.removeNetwork(id));
  const network = asPlanned(plan, await engine.inspectNetwork(id));
  // An emulated engine takes seconds for each.
  const created: string[] = [];
  cleanup.defer('remove the trial containers', () => Promise.all(created.map((one) => engine.removeContainer(one))));
  const made = await Promise.all(
    TRIAL_CONTAINERS.map(async (container, at) => {
      const addresses = addressesFor(plan, { not, at });
      const trial = { name: `${name}-${container}`, image, command: ['sleep', 'infinity'], network: name, addresses };
      try {
        const made = await engine.createContainer({ ...trial, dns: [], agent: false }, run);
        created.push(made);
        await engine.startContainer(made);
        return { container: renamed(await engine.inspectContainer(made), container, plan.name), refusals: [] };
      } catch (error) {
        const asker = { name: container, addresses, mac: undefined };
        const refusal = refusalOf(error, { step: 'start-container', networks: [asked], container: asker });
        return { container: absent(container, plan.name), refusals: [refusal] };
      }
    }),
  );
  return {
    network,
    containers: made.map(({ container }) => container),
    refusals: made.flatMap(({ refusals }) => refusals),
  };
}

/** Addresses Docker would give away first, in each IPv4 subnet. */
export function candidates({ subnets }: NetworkPlan): readonly string[] {
  return subnets
    .filter(({ subnet }) => familyOf(subnet) === 4)
    .flatMap((one) =>
      firstOf(one).filter((address) => one.gateway === undefined || !sameAddress(address, one.gateway)),
    );
}

function firstOf({ subnet, range }: NetworkPlan['subnets'][number]): readonly string[] {
  const addresses: string[] = [];
  for (const address of hostAddresses(subnet, range)) {
    if (addresses.push(address) > LOOKED_AT) break;
  }
  // Docker keeps the first of a subnet for a gateway.
  return range === undefined ? addresses.slice(1) : addresses;
}

/** One address in each family: the last free one of those looked at, because containers of an older network have the first. */
function addressesFor(plan: NetworkPlan, { not, at }: { readonly not: readonly string[]; readonly at: number }) {
  return ([4, 6] as const).flatMap((family) => {
    const subnet = plan.subnets.find((one) => familyOf(one.subnet) === family);
    const kept = [...not, ...Object.values(subnet?.reserved ?? {}), ...(subnet?.gateway ? [subnet.gateway] : [])];
    const free = subnet ? firstOf(subnet).filter((one) => !kept.some((other) => sameAddress(one, other))) : [];
    return free.at(-1 - at) ?? [];
  });
}

function renamed(container: Inspected, name: string, network: string): Inspected {
  return { ...container, name, attachments: container.attachments.map((one) => ({ ...one, network })) };
}

function absent(name: string, network: string): Inspected {
  const attachments = [{ network, addresses: [], gateway: undefined }];
  return { name, id: '', state: 'absent', attachments, pid: 0, startError: 'Docker rejected it' };
}
