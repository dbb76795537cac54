import type { NetworkFact } from '../../evidence/facts.js';
import type { Inspected } from '../../engine/engine.js';
import { DoctorError } from '../../errors.js';
import { familyOf } from '../../ip.js';
import type { Result } from '../../report/result.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';
import { attachAll } from './attach-all.js';
import { surroundings } from './surroundings.js';
import { examineAttached } from './examine-attached.js';
import { observer } from './observer.js';
import { attachedResultOf, type AttachOptions } from './attach-session.js';

/** What a matrix is drawn of. */
export interface MatrixOptions extends AttachOptions {
  /** Networks, of which every running container counts, and containers; empty for all IPvlan and macvlan networks. */
  readonly wanted: readonly string[];
}

/** Asks every container from every other one at the same time, in one exec for all of them. */
export function matrix(options: MatrixOptions): Promise<Result> {
  return attachedResultOf('matrix', options, async (session) => {
    options.onStep('looking for containers');
    const { networks, containers, passedOver } = await session.clock.time('attach', () =>
      attachAll(session.engine, options.wanted),
    );
    const checks = pairs(containers, networks);
    if (checks.length === 0) {
      throw new DoctorError('USAGE', 'There are no two running containers to ask about.', {
        hint: 'Name networks or containers: "ipvlan-doctor matrix NETWORK". "docker network ls" lists them.',
      });
    }
    const looking = await observer(session, options);
    const surveyed = await session.clock.time('survey', () => looking.survey({ nodes: [], names: [] }));
    const around = surroundings({ networks, containers, host: surveyed, gateway: [], peers: [], internet: [] });
    return examineAttached(
      {
        networks,
        containers,
        around,
        surveyed,
        checks,
        comparisons: [],
        captures: [],
        refusals: [],
        warnings: passedOver,
        gatewaySide: {},
        brief: true,
        id: 'matrix',
        title: `${containers.length} containers to each other on ${networks.map(({ name }) => name).join(', ')}`,
        why: 'Every container asks every other one that shares a network with it. Only where one does not respond is more looked at.',
      },
      { session, observer: looking, options },
    );
  });
}

/** Both directions between any two that share a network, in the first family both have there. */
function pairs(containers: readonly Inspected[], networks: readonly NetworkFact[]): readonly CheckPlan[] {
  return containers.flatMap((from) =>
    containers
      .filter((to) => to !== from)
      .flatMap((to) => {
        const address = networks.flatMap(({ name }) => sharedAddress(from, to, name))[0];
        if (address === undefined) return [];
        const target = { label: to.name, node: to.name, name: undefined, address };
        return [makeCheck(from.name, target, { protocol: 'icmp' })];
      }),
  );
}

function sharedAddress(from: Inspected, to: Inspected, network: string): readonly string[] {
  const on = ({ attachments }: Inspected) => attachments.find((one) => one.network === network)?.addresses ?? [];
  const own = on(from);
  return on(to).filter((address) => own.some((one) => familyOf(one) === familyOf(address)));
}
