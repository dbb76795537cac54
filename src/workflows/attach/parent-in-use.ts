import type { Engine, Shell } from '../../engine/engine.js';
import { DoctorError } from '../../errors.js';
import type { NetworkFact } from '../../evidence/facts.js';
import { childLinks, type ChildLink } from '../../probes/facts/child-links.js';
import type { NetworkPlan, Plan } from '../../scenario/plan.js';

/** What is attached to a parent already. */
export interface ParentUse {
  readonly driver: 'ipvlan' | 'macvlan';
  readonly mode: string | undefined;
  readonly flag: string | undefined;
  /** For people: `the network office`, `eth0 of the program nginx`. */
  readonly name: string;
}

/** What the kernel and Docker take when no mode or flag is given. */
const IPVLAN_DEFAULTS = { mode: 'l2', flag: 'bridge' } as const;

/**
 * What uses a parent in a way that a new network would end: an IPvlan port has one mode and one flag for all its links, and
 * the link made last sets both (`ipvlan_link_new`); IPvlan and macvlan never share a parent. Pure.
 */
export function conflictingUses(wanted: NetworkPlan, uses: readonly ParentUse[]): readonly ParentUse[] {
  const { mode = IPVLAN_DEFAULTS.mode, flag = IPVLAN_DEFAULTS.flag } = wanted;
  return uses.filter((use) => {
    if (use.driver !== wanted.driver) return wanted.driver === 'ipvlan' || wanted.driver === 'macvlan';
    if (use.driver === 'macvlan') return false;
    return (use.mode ?? IPVLAN_DEFAULTS.mode) !== mode || (use.flag ?? IPVLAN_DEFAULTS.flag) !== flag;
  });
}

/** Docker's networks on a parent, those without a running container included. */
export async function networksOn(engine: Engine, parent: string): Promise<readonly NetworkFact[]> {
  const ids = await engine.listNetworks(['ipvlan', 'macvlan']);
  const networks = await Promise.all(ids.map((id) => engine.inspectNetwork(id)));
  return networks.filter((network) => network.parent === parent);
}

/** What uses a parent, from Docker's networks and from the links on it. */
export function usesOf(networks: readonly NetworkFact[], links: readonly ChildLink[]): readonly ParentUse[] {
  return [
    ...networks.flatMap(({ driver, mode, flag, name }) =>
      driver === 'bridge' ? [] : [{ driver, mode, flag, name: `the network ${name}` }],
    ),
    ...links.map(({ kind, mode, flag, name, program }) => {
      const where = program === undefined ? 'on the host' : `in the network namespace of ${program}`;
      return { driver: kind, mode, flag, name: `the link ${name} ${where}` };
    }),
  ];
}

/**
 * Rejects a network whose parent is in use by another driver, or by IPvlan in another mode or with another flag.
 *
 * @param links the IPvlan and macvlan links on the parent, where they can be seen; empty where they cannot
 * @throws DoctorError `HOST_CONFLICT` that names what uses the parent
 */
export async function refuseParentInUse(
  wanted: NetworkPlan,
  engine: Engine,
  links: (parent: string) => Promise<readonly ChildLink[]>,
): Promise<void> {
  const { parent } = wanted;
  if (parent === undefined || wanted.driver === 'bridge') return;
  const [networks, children] = await Promise.all([networksOn(engine, parent), links(parent)]);
  const conflicts = conflictingUses(wanted, usesOf(networks, children));
  if (conflicts.length === 0) return;
  const named = conflicts.map((use) => `${use.name} (${described(use)})`).join(', ');
  const why =
    conflicts[0]?.driver === wanted.driver
      ? `A new link in ${described(wanted)} would change the mode for all of them and cut their containers off.`
      : 'IPvlan and macvlan cannot share a parent.';
  throw new DoctorError('HOST_CONFLICT', `${parent} is in use by ${named}. ${why} Nothing was created.`, {
    hint: `Use another parent, such as a VLAN of ${parent}, or the driver, mode and flag that ${parent} has.`,
  });
}

/**
 * The same for every network of a scenario. On a disposable host nothing runs but what we started.
 *
 * @throws DoctorError `HOST_CONFLICT` that names what uses a parent
 */
export async function rejectForeignParents(
  { networks }: Plan,
  { engine, shell }: { readonly engine: Engine; readonly shell: Shell },
): Promise<void> {
  if (engine.facts.disposable) return;
  for (const network of networks) await refuseParentInUse(network, engine, (parent) => childLinks(shell, parent));
}

function described({ driver, mode, flag }: Pick<ParentUse, 'mode' | 'flag'> & { readonly driver: string }): string {
  if (driver !== 'ipvlan') return `macvlan${mode === undefined ? '' : `, mode ${mode}`}`;
  const special = flag === undefined || flag === IPVLAN_DEFAULTS.flag ? '' : `, flag ${flag}`;
  return `IPvlan, mode ${mode ?? IPVLAN_DEFAULTS.mode}${special}`;
}
