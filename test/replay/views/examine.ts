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
import { lookedAt, type AttachedView } from './look.js';

/** What came of looking in one view. */
export interface LookedAt {
  readonly container: string | undefined;
  /** The text of the evidence file; absent where there is none. */
  readonly evidence?: string | undefined;
  /** Why no look was possible. */
  readonly without?: string | undefined;
  /** Why the look failed. */
  readonly failed?: string;
}

/** Examines a scenario as its users would: its faults are injected, then one container is diagnosed. */
export function lookingAs(
  viewsOf: (plan: Plan) => readonly AttachedView[],
  onLook: (view: AttachedView, plan: Plan, looked: LookedAt) => void,
): (examination: Examination) => Promise<ScenarioResult> {
  return async (examination) => {
    const { plan, shell, topology, used, left } = examination;
    await using injected = new Cleanup(left);
    if (used) await settle(plan, shell, topology.nodes);
    await injectFaults(examination, injected);
    const views = viewsOf(plan);
    const looked = await lookedIn(views, examination);
    for (const view of views) onLook(view, plan, looked(view));
    return notExamined(plan, 'skipped', 'it was recorded only');
  };
}

type ByView = (view: AttachedView) => LookedAt;

async function lookedIn(views: readonly AttachedView[], examination: Examination): Promise<ByView> {
  const { plan, topology, signal } = examination;
  const site = existsSync(recordingFile(plan.id)) ? recorded(plan.id) : undefined;
  const container = suffering(plan, site);
  if (container === undefined) return () => ({ container, without: 'it has no container' });
  if (!topology.facts.containers.some(({ name, state }) => name === container && state !== 'absent'))
    return () => ({ container, without: 'the engine made no container' });
  try {
    const looked = await lookedAt(examination, views, container);
    return (view) => {
      const evidence = looked.get(view);
      return { container, evidence, without: evidence === undefined ? 'the router is the provider’s own' : undefined };
    };
  } catch (error) {
    signal.throwIfAborted();
    return () => ({ container, failed: messageOf(error) });
  }
}
