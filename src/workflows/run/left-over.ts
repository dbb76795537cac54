import type { Shell } from '../../engine/engine.js';
import type { ScenarioResult } from '../../report/result.js';
import type { Plan } from '../../scenario/plan.js';
import type { LiveNode } from '../../topology/node.js';
import { commandsOf } from './fault-commands.js';
import { readState } from '../../topology/state.js';
import { stateDifferences, type StateDifference, type NodeState } from '../../topology/state-lines.js';

/** What a scenario left behind although its faults were undone. */
export interface LeftOver {
  /** Whether it may be on the host itself, so that it outlives the topology. */
  readonly onHost: boolean;
  /** One sentence each: what, and where. */
  readonly what: readonly string[];
}

/** What is done about it before another scenario runs. */
export type Removal = 'recreate' | 'reset' | 'none';

interface Compared {
  readonly shell: Shell;
  readonly nodes: readonly LiveNode[];
}

/**
 * Compares the nodes of a topology before and after each scenario on it. What one scenario leaves would be taken for the fault
 * of the next.
 */
export class LeftOvers {
  readonly #compared: Compared;
  #before: ReadonlyMap<string, NodeState> | undefined;

  constructor(compared: Compared) {
    this.#compared = compared;
  }

  /**
   * Notes what the nodes are like before a scenario: the host's state, and that of all others where another scenario uses the
   * topology after it. What is known from the scenario before costs nothing.
   */
  async begin(isReused: boolean): Promise<void> {
    const { shell, nodes } = this.#compared;
    this.#before ??= await readState(shell, isReused ? nodes : nodes.filter(({ kind }) => kind === 'host'));
  }

  /**
   * What a scenario left; `undefined` when everything is as it was.
   *
   * @param notUndone one sentence for each undo that failed
   */
  async by(plan: Plan, scenario: ScenarioResult, notUndone: readonly string[]): Promise<LeftOver | undefined> {
    if (plan.faults.length === 0 && scenario.remedy.proof === 'not tried') return undefined;
    const isHost = (name: string) => this.#compared.nodes.some((node) => node.name === name && node.kind === 'host');
    const lasting = plan.faults.flatMap((fault) =>
      fault.kind === 'command' && fault.undo === undefined ? [fault] : [],
    );
    const changed = await this.#changed(this.#touched(plan, scenario));
    const what = [
      ...notUndone,
      ...lasting.map(({ on, run }) => `A fault on ${on} has no undo: ${run}`),
      ...changed.map(differenceText),
    ];
    if (what.length === 0) return undefined;
    const places = [...changed.map(({ node }) => node), ...lasting.map(({ on }) => on)];
    return { onHost: places.some(isHost) || (notUndone.length > 0 && actsOnHost(plan, isHost)), what };
  }

  /**
   * The nodes whose state is known and that commands of a scenario may have changed: reading one costs an emulated machine half a
   * second. What is done on the host may change the mode of the containers' links, and a free-form command there anything.
   */
  #touched(plan: Plan, { causes }: ScenarioResult): readonly LiveNode[] {
    const known = this.#compared.nodes.filter(({ name }) => this.#before?.has(name));
    const remedies = causes.flatMap((cause) => cause.remedies.flatMap(({ commands }) => commands));
    const on = new Set([...commandsOf(plan), ...remedies].map((command) => command.on));
    const onHost = known.filter(({ name, kind }) => kind === 'host' && on.has(name));
    const freely = plan.faults.some(
      (fault) => fault.kind === 'command' && onHost.some(({ name }) => name === fault.on),
    );
    return known.filter(({ name, kind }) => {
      return freely || kind === 'host' || on.has(name) || (kind === 'container' && onHost.length > 0);
    });
  }

  /** What goes on changing for a moment by itself, such as addresses of a link that was down, is given that moment. */
  async #changed(nodes: readonly LiveNode[]): Promise<readonly StateDifference[]> {
    const { shell } = this.#compared;
    const before = this.#before ?? new Map<string, NodeState>();
    let after = await readState(shell, nodes);
    if (stateDifferences(before, after).length > 0) {
      await shell.run(`sleep ${SETTLING_SECONDS}`);
      after = await readState(shell, nodes);
    }
    this.#before = new Map([...before, ...after]);
    return stateDifferences(before, after);
  }
}

/** Detecting a duplicate IPv6 address takes a link up to two seconds. */
const SETTLING_SECONDS = 2;

function actsOnHost(plan: Plan, isHost: (name: string) => boolean): boolean {
  return commandsOf(plan).some(({ on }) => isHost(on));
}

/** More lines would not help the reader. */
const MOST = 4;

function differenceText({ node, added, removed }: StateDifference): string {
  const parts = [listed('has', added), listed('lacks', removed)].filter(Boolean);
  return `After the undo, ${node} differs from before: it ${parts.join(', and ')}.`;
}

function listed(verb: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length > MOST ? ` and ${lines.length - MOST} more` : '';
  return `${verb} ${lines
    .slice(0, MOST)
    .map((line) => `"${line}"`)
    .join(', ')}${more}`;
}

const REMOVALS: Readonly<Record<Removal, string>> = {
  recreate: 'The topology is recreated before another scenario uses it.',
  reset: 'The lab is reset before another scenario runs.',
  none: 'It stays, because another program may have made this change: remove it before you run scenarios on this host again.',
};

/** A scenario's result with what it left behind, and what is done about it. */
export function withLeftOver(scenario: ScenarioResult, { what }: LeftOver, removal: Removal): ScenarioResult {
  return { ...scenario, warnings: [...scenario.warnings, ...what, REMOVALS[removal]] };
}
