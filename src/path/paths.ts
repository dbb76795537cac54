import type { ProbeResult } from '../evidence/evidence.js';
import type { Known } from './known.js';
import type { FlowPath } from './path.js';
import { isTraceable, pathOf, prospectOf, type Prospect } from './trace.js';

/** The path of each flow, predicted and observed. Each is worked out when it is first asked for, and once. */
export class Paths {
  readonly #known: Known;
  readonly #prospects = new Map<string, Prospect>();
  readonly #paths = new Map<string, FlowPath>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** @returns `undefined` for a flow that could not be sent, or has no path: ARP, broadcasts, lookups of a name */
  of(probe: ProbeResult): FlowPath | undefined {
    return isTraceable(probe) ? this.ofAny(probe) : undefined;
  }

  /** Also for a flow that has no path of its own packets, such as a lookup of a name. */
  ofAny(probe: ProbeResult): FlowPath {
    const known = this.#paths.get(probe.id);
    if (known) return known;
    const path = pathOf(this.#known, probe, this.#prospectOf(probe));
    this.#paths.set(probe.id, path);
    return path;
  }

  /** What is predicted alone: much less work than the whole path. */
  predicted(probe: ProbeResult): Prospect['steps'] {
    return this.#prospectOf(probe).steps;
  }

  #prospectOf(probe: ProbeResult): Prospect {
    const known = this.#prospects.get(probe.id);
    if (known) return known;
    const prospect = prospectOf(this.#known, probe);
    this.#prospects.set(probe.id, prospect);
    return prospect;
  }
}
