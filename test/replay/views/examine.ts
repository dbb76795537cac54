import { existsSync } from 'node:fs';
import { messageOf } from '../../../src/errors.js';
import type { ScenarioResult } from '../../../src/report/result.js';
import type { Plan } from '../../../src/scenario/plan.js';
import { Cleanup } from '../../../src/topology/cleanup.js';
import { settle } from '../../../src/topology/settle.js';
import type { Examination } from '../../../src/workflows/run/examination.js';
import { injectFaults } from '../../../src/workflows/run/examine.js';
import { notExamined } from '../../../src/workflows/run/not-examined.js';
import { recorded, recordingFile } from '../../diagnosis/situation.js';
import { suffering } from './container.js';
import { lookedAt, NotToBeHad, type AttachedView } from './look.js';

/** What came of a look. */
export interface LookedAt {
  readonly container: string | undefined;
  /** The text of the evidence file; absent where there is none. */
  readonly evidence?: string;
  /** Why nobody could look. */
  readonly without?: string;
  /** Why this look failed. */
  readonly failed?: string;
}

/**
 * Examines a scenario as users would: its faults are injected, then one container is diagnosed in one view after another. What a look
 * taught the network is removed before the next.
 */
export function lookingAs(
  viewsOf: (plan: Plan) => readonly AttachedView[],
  onLook: (view: AttachedView, plan: Plan, looked: LookedAt) => void,
): (examination: Examination) => Promise<ScenarioResult> {
  return async (examination) => {
    const { plan, shell, topology, used, left } = examination;
    await using injected = new Cleanup(left);
    if (used) await settle(plan, shell, topology.nodes);
    await injectFaults(examination, injected);
    for (const [at, view] of viewsOf(plan).entries()) {
      if (at > 0) await settle(plan, shell, topology.nodes);
      onLook(view, plan, await looked(examination, view));
    }
    return notExamined(plan, 'skipped', 'it was recorded only');
  };
}

async function looked(examination: Examination, view: AttachedView): Promise<LookedAt> {
  const { plan, topology, signal } = examination;
  const site = existsSync(recordingFile(plan.id)) ? recorded(plan.id) : undefined;
  const container = suffering(plan, site);
  if (container === undefined) return { container, without: 'it has no container' };
  if (!topology.facts.containers.some(({ name }) => name === container))
    return { container, without: 'the engine made no container' };
  try {
    return { container, evidence: await lookedAt(examination, view, container) };
  } catch (error) {
    signal.throwIfAborted();
    return { container, ...(error instanceof NotToBeHad ? { without: error.message } : { failed: messageOf(error) }) };
  }
}
