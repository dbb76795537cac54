import { EVIDENCE_VERSION, type Evidence } from '../evidence/evidence.js';
import type { Facts } from '../evidence/facts.js';
import { dropsInstance } from '../probes/capture/drops.js';
import { traceTable } from '../probes/capture/trace-table.js';
import type { Looked, LookRequest } from '../probes/look-request.js';
import type { CheckPlan } from '../scenario/plan.js';
import { TOOL } from '../version.js';
import { nextTag } from './tags.js';

/** What one look is to find out, and about which nodes and flows. */
export interface LookWish extends Omit<LookRequest, 'probes' | 'drops' | 'traceTable' | 'firstTag'> {
  /** The run's id: what a look makes in the host's kernel carries it. */
  readonly run: string;
  readonly checks: readonly CheckPlan[];
  /** What is asked beside the checks, so that causes can compare. */
  readonly comparisons: readonly CheckPlan[];
}

/** The request of one look. Every look needs its own: two looks at one network must not share tags. */
export function lookRequest({ run, checks, comparisons, ...wanted }: LookWish): LookRequest {
  return {
    ...wanted,
    probes: [
      ...checks.map((check) => ({ check, purpose: 'check' as const })),
      ...comparisons.map((check) => ({ check, purpose: 'comparison' as const })),
    ],
    drops: dropsInstance(run),
    traceTable: traceTable(run),
    firstTag: nextTag(),
  };
}

/**
 * What a look saw, as evidence.
 *
 * @param known facts that no look is needed for, such as what Docker says; those of the look come on top
 */
export function evidenceOf(
  { facts, probes, missing, takenAt }: Pick<Looked, 'facts' | 'probes' | 'missing' | 'takenAt'>,
  known: Partial<Facts>,
): Evidence {
  return {
    schemaVersion: EVIDENCE_VERSION,
    origin: 'recorded',
    tool: TOOL,
    takenAt,
    facts: { ...known, ...facts },
    probes,
    missing,
  };
}
