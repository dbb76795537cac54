import type { Evidence, ProbeResult } from '../../evidence/evidence.js';
import { assumedFacts } from '../../network/assumed-facts.js';
import type { Known } from '../../path/known.js';
import { predictedEnd, stateFrom, type PredictedEnd } from '../../path/predicted-end.js';
import { reasonKey } from '../../path/reason.js';
import type { Arrival } from '../flow.js';
import { arrivalOf } from '../flows.js';
import { applied, type Applied, type NotPredictable } from '../remedies/applied.js';
import { applyAll, type Change } from '../remedies/change.js';
import { applyWish, changeOfWish } from './change-of.js';
import { lookupEnd } from './lookup-end.js';
import { opposite } from './opposite.js';
import type { Wish } from './wish.js';

/** What is predicted of one check once changes are made, beside what was observed of it before. */
export interface CheckPrediction {
  /** The check's id. */
  readonly id: string;
  readonly before: Arrival;
  readonly then: 'arrives' | 'lost' | 'unknown';
  /**
   * Where it ends, or may end, by the model. Absent where it arrives, and where it is unknown because by the model it arrives
   * already: what stops it is not in the model.
   */
  readonly end?: Exclude<PredictedEnd, { kind: 'arrives' }>;
}

/** What changes do to every check. */
export type ChangePrediction =
  | {
      readonly kind: 'predicted';
      readonly checks: readonly CheckPrediction[];
      /** Nodes that were not looked at, and are assumed to be in order otherwise. */
      readonly assumed: readonly string[];
    }
  | { readonly kind: 'not-predictable'; readonly why: NotPredictable };

/**
 * Makes changes in copies of one state and walks every check through them, in both directions. A check that fails, and that the model
 * lets pass already, stays unknown: what stops it is not in the model, so that no change of the model can tell.
 */
export class Predictor {
  readonly #evidence: Pick<Evidence, 'facts' | 'probes'>;
  readonly #assumed: ReadonlySet<string>;
  #before: ReadonlyMap<string, PredictedEnd> | undefined;

  constructor(evidence: Pick<Evidence, 'facts' | 'probes'>) {
    const targets = evidence.probes.map(({ to }) => to.address);
    const { facts, assumed } = assumedFacts(evidence.facts, targets);
    // The walk needs nothing of what stands for the internet where it sees all that is before it.
    const isNear = (name: string) =>
      facts.nodes?.some((node) => node.name === name && node.kind !== 'internet') ?? false;
    const lacks = [...assumed].some(isNear);
    this.#evidence = lacks ? { ...evidence, facts } : evidence;
    this.#assumed = lacks ? assumed : new Set();
  }

  /** What is predicted once some changes are made, one after the other. */
  after(changes: readonly Change[]): ChangePrediction {
    return this.#compared(applyAll(this.#evidence.facts, changes), changes);
  }

  /**
   * What is predicted once the changes are made that a user thinks of.
   *
   * @throws DoctorError `USAGE` for a node or network of another name than those that were seen
   */
  afterWishes(wishes: readonly Wish[]): ChangePrediction {
    const { facts } = this.#evidence;
    const made = wishes.reduce<Applied>(
      (before, wish) => ('why' in before ? before : applyWish(before.facts, wish)),
      applied(facts),
    );
    return this.#compared(
      made,
      wishes.flatMap((wish) => changeOfWish(facts, wish)),
    );
  }

  #compared(made: Applied, changes: readonly Change[]): ChangePrediction {
    if ('why' in made) return { kind: 'not-predictable', why: made.why };
    const [before, after] = [this.#endsBefore(changes), this.#ends(stateFrom(made.facts))];
    const checks = this.#checks.flatMap((probe) => {
      const [now, then] = [before.get(probe.id), after.get(probe.id)];
      return now && then ? [checkPrediction(probe, { now, then })] : [];
    });
    const failing = checks.filter((one) => one.before === 'none' || one.before === 'some');
    if (failing.length === 0 || failing.some(({ then, end }) => then !== 'unknown' || end))
      return { kind: 'predicted', checks, assumed: [...this.#assumed] };
    const idle = this.#checks.filter(isStopped).map(({ id }) => id);
    return {
      kind: 'not-predictable',
      why: failing.every(({ id }) => idle.includes(id))
        ? { kind: 'not-in-model', what: 'stopped-container' }
        : { kind: 'fault-not-in-model' },
    };
  }

  /** Where a node that is assumed to be in order is changed, it lacked that before. */
  #endsBefore(changes: readonly Change[]): ReadonlyMap<string, PredictedEnd> {
    const { facts } = this.#evidence;
    const lacked = changes.filter((change) => 'on' in change && this.#assumed.has(change.on));
    if (lacked.length > 0) return this.#ends(stateFrom(lacked.reduce(opposite, facts)));
    return (this.#before ??= this.#ends(stateFrom(facts)));
  }

  get #checks(): readonly ProbeResult[] {
    return this.#evidence.probes.filter(({ purpose }) => purpose === 'check');
  }

  #ends(known: Known): ReadonlyMap<string, PredictedEnd> {
    return new Map(this.#checks.map((probe) => [probe.id, lookupEnd(known, probe) ?? predictedEnd(known, probe)]));
  }
}

function isStopped({ outcome }: ProbeResult): boolean {
  return outcome.kind === 'not-running';
}

interface Ends {
  readonly now: PredictedEnd;
  readonly then: PredictedEnd;
}

function checkPrediction(probe: ProbeResult, { now, then }: Ends): CheckPrediction {
  const before = arrivalOf(probe);
  const check = { id: probe.id, before };
  // Whether the container starts then is up to Docker.
  if (isStopped(probe)) return { ...check, then: 'unknown' };
  // What the change does not touch stays as it was observed, whatever the model makes of it.
  if (before === 'all' && sameEnd(now, then)) return { ...check, then: 'arrives' };
  if (then.kind === 'arrives')
    return { ...check, then: before !== 'all' && now.kind === 'arrives' ? 'unknown' : 'arrives' };
  return { ...check, then: before === 'all' && now.kind !== 'arrives' ? 'unknown' : then.kind, end: then };
}

function sameEnd(one: PredictedEnd, other: PredictedEnd): boolean {
  if (one.kind === 'lost' && other.kind === 'lost') return reasonKey(one.reason) === reasonKey(other.reason);
  return JSON.stringify(one) === JSON.stringify(other);
}
