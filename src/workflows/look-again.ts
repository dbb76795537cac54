import type { ProbeResult } from '../evidence/evidence.js';
import type { Looked, LookRequest } from '../probes/look-request.js';

/** What it takes to look a second time. */
export interface Again {
  readonly look: (request: LookRequest) => Promise<Looked>;
  /** A request for each look: two looks at one network must not share tags. */
  readonly request: () => LookRequest;
  /** Whether to send probes first, without gathering facts, and to stop at one reply each: where all targets reply, that was all. */
  readonly brief?: boolean;
  /** What has to happen between two looks. */
  readonly between?: () => Promise<void>;
  readonly onStep: (step: string) => void;
}

/** A look, and why it is not the first one; absent when it is. */
export interface LookedAgain {
  readonly looked: Looked;
  readonly again: string | undefined;
}

/**
 * Looks, and once more when a check could not be asked: a busy machine may start a probe too late. A check that the second look
 * cannot ask either stays broken.
 */
export async function lookUntilAsked({ look, request, brief, between, onStep }: Again): Promise<LookedAgain> {
  if (brief) {
    const looked = await look({ ...request(), facts: false, pings: 'until answered' });
    if (looked.probes.every(answers)) return { looked, again: undefined };
    onStep('looking closer, because not all targets respond');
  }
  const first = await look(request());
  const unasked = first.probes.filter(({ purpose, outcome }) => purpose === 'check' && outcome.kind === 'broken');
  if (unasked.length === 0) return { looked: first, again: undefined };
  const ids = unasked.map(({ id }) => id).join(', ');
  onStep(`probing again, because ${ids} could not be asked`);
  await between?.();
  const looked = await look(request());
  return { looked, again: `A first look could not ask ${ids}; what is shown is a second one.` };
}

function answers({ outcome }: ProbeResult): boolean {
  return outcome.kind === 'attempts' && outcome.arrived > 0 && outcome.arrived === outcome.sent;
}
