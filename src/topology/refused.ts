import { refusalIn } from '../engine/refusal.js';
import type { AskedContainer, AskedNetwork, Refusal } from '../evidence/facts.js';
import type { ContainerPlan, NetworkPlan } from '../scenario/plan.js';

/**
 * An error of the engine as evidence.
 *
 * @throws the error itself when the engine did not reject anything
 */
export function refusalOf(error: unknown, asked: Omit<Refusal, 'message'>): Refusal {
  const message = refusalIn(error);
  if (message === undefined) throw error;
  return { ...asked, message };
}

/** A network as Docker is asked for it: its options take precedence over the scenario's own keys. */
export function askedNetworkOf({ name, driver, internal, subnets, options, ...plan }: NetworkPlan): AskedNetwork {
  return {
    name,
    driver,
    mode: options[`${driver}_mode`] ?? plan.mode,
    flag: options['ipvlan_flag'] ?? plan.flag,
    parent: options['parent'] ?? plan.parent,
    internal,
    subnets: subnets.map(({ subnet, gateway, range, reserved }) => ({
      subnet,
      gateway,
      ...(range === undefined ? {} : { range }),
      ...(Object.keys(reserved).length > 0 ? { reserved } : {}),
    })),
    options,
  };
}

export function askedContainer({ name, attachments, mac }: ContainerPlan): AskedContainer {
  return { name, addresses: attachments.flatMap(({ addresses }) => addresses), mac };
}
