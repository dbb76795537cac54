import type { Failure } from '../../evidence/evidence.js';
import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { FlowPath, PathHop } from '../../path/path.js';
import { Paths } from '../../path/paths.js';
import { hasPath } from '../../path/trace.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { nextHopArp } from './arp.js';

/** What a hypothesis makes of one flow. `silent`: it says nothing of it, or of something else. */
export type Trial = 'explains' | 'refutes' | 'silent';

/** Changed surroundings, to be compared with what was seen. */
export interface TrialRun {
  /** Whether they stop a flow that would arrive otherwise: known without what was measured. */
  blocks(flow: Flow): boolean;
  of(flow: Flow): Trial;
}

/** What is predicted in healthy surroundings, to which a hypothesis is compared. */
export class Baseline {
  readonly #view: Observed;
  readonly #paths: Paths;
  readonly #passed = new Map<string, ReadonlySet<string>>();

  constructor(view: Observed, healthy: AssumedSurroundings) {
    this.#view = view;
    this.#paths = new Paths({ network: healthy.state, observed: view.observed });
  }

  /** Whether a flow would arrive if all that was not seen were in order: otherwise what was seen explains it, or the model errs. */
  arrives({ probe }: Flow): boolean {
    return hasPath(probe) && !this.#paths.predicted(probe).some(isBlock);
  }

  trialIn(changed: AssumedSurroundings): TrialRun {
    const paths = new Paths({ network: changed.state, observed: this.#view.observed });
    const blocks = (flow: Flow) =>
      this.arrives(flow) && changed.concerns(this.#passedBy(flow)) && paths.predicted(flow.probe).some(isBlock);
    return { blocks, of: (flow) => (blocks(flow) ? trialOf(this.#view, paths, flow) : 'silent') };
  }

  #passedBy({ id, probe }: Flow): ReadonlySet<string> {
    const known = this.#passed.get(id);
    if (known) return known;
    const passed = new Set([probe.from, ...this.#paths.predicted(probe).map(({ node }) => node)]);
    this.#passed.set(id, passed);
    return passed;
  }
}

/**
 * Of a flow that is stopped: only one that arrives, or was seen beyond the place where it should end, refutes. One that fails
 * elsewhere may fail for another reason, and one that arrives in part says nothing.
 */
function trialOf(view: Observed, paths: Paths, flow: Flow): Trial {
  const { probe, arrival } = flow;
  if (arrival === 'some' || arrival === 'unknown') return 'silent';
  if (arrival === 'all') return 'refutes';
  const path = paths.ofAny(probe);
  const block = blockIn(path);
  if (block === undefined) return 'silent';
  if (block.observed === 'passed') return 'refutes';
  const arp = nextHopArp(view, flow);
  if (arp === 'answered' && stopsArp(block)) return 'refutes';
  if (arp === 'unanswered' && !stopsArp(block)) return 'silent';
  return fails(probe) && path.agreement !== 'outside our view' && endsAt(path, block) ? 'explains' : 'silent';
}

/** Whether the place lets not even ARP pass, so that the packet itself is never sent. */
function stopsArp({ predicted }: PathHop): boolean {
  return predicted.verdict === 'blocks' && predicted.reason.kind === 'dropped-on-wire' && predicted.reason.arp;
}

/** Failures without a packet of the target's that says no. */
const SILENT: readonly Failure[] = ['timeout', 'host-unreachable', 'too-big', 'no-data-after-handshake'];

/** A refusal or a rejection was sent by a machine that got the packet; silence may have any of these causes. */
function fails({ outcome }: Flow['probe']): boolean {
  const failure = outcome.kind === 'attempts' ? outcome.failure : undefined;
  return failure === undefined || SILENT.includes(failure);
}

function endsAt({ end, forward }: FlowPath, block: PathHop): boolean {
  if (end === undefined) return true;
  const direction = forward.includes(block) ? 'forward' : 'return';
  return end.direction === direction && end.hop === block.hop && end.node === block.node;
}

function blockIn({ forward, return: returned }: FlowPath): PathHop | undefined {
  return [...forward, ...returned].find(isBlock);
}

function isBlock({ predicted }: Pick<PathHop, 'predicted'>): boolean {
  return predicted.verdict === 'blocks';
}
