import type { ZodType } from 'zod';
import { familyOf } from '../ip.js';
import type { ContainerPlan, Plan } from '../scenario/plan.js';
import type { NodeCommand } from '../topology/execute.js';

/**
 * A fault to inject: commands on nodes, each with its undo. A fault is pure; applying, journalling
 * and undoing are done by the topology, as for the commands of a free-form scenario.
 */
export interface Fault<Parameters = Readonly<Record<string, unknown>>> {
  /** Equals the file's name. */
  readonly id: string;
  readonly title: string;
  /** Whether it changes something global on the host, so that only a disposable host will do. */
  readonly needsDisposableHost: boolean;
  /** What a scenario may add to it; unknown keys are rejected. */
  readonly parameters: ZodType<Parameters>;
  commands(plan: Plan, parameters: Parameters): readonly NodeCommand[];
}

/** Gives a fault its types: `parameters` decides what `commands` receives. */
export function defineFault<Parameters>(fault: Fault<Parameters>): Fault {
  return fault as unknown as Fault;
}

/** A command with the one that undoes it. */
export function step(on: string, run: string, undo?: string): NodeCommand {
  return { on, run, undo };
}

/** The static routes on the gateway that a fault is about: all of them, or those for one subnet. */
export function gatewayRoutes(plan: Plan, subnet: string | undefined): Plan['site']['gateway']['routes'] {
  return plan.site.gateway.routes.filter(({ to }) => subnet === undefined || to === subnet);
}

/** IPv4 subnets of the networks that are attached to the site's parent: all of them, or the one a fault names. */
export function containerSubnets(plan: Plan, subnet: string | undefined): readonly string[] {
  const subnets = plan.networks
    .filter(({ parent }) => parent)
    .flatMap((network) => network.subnets.map((s) => s.subnet));
  return subnets.filter((candidate) => familyOf(candidate) === 4 && (subnet === undefined || candidate === subnet));
}

/** The container a fault names, else the first. */
export function containerOf(plan: Plan, name: string | undefined): ContainerPlan | undefined {
  return plan.containers.find((container) => name === undefined || container.name === name);
}
