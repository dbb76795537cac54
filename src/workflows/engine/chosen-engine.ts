import type { EngineAddress } from '../../engine/address.js';
import type { Engine } from '../../engine/engine.js';
import type { Release } from '../../lab/guest.js';

/** Which engine the user asked for. */
export interface EngineWish {
  /** `auto`, `lab`, `lab:NAME`, or a host such as `unix:///var/run/docker.sock`. */
  readonly engine: string;
  readonly context: string | undefined;
  readonly agentImage: string | undefined;
  /** What a lab that is started for the run is made of; trixie when absent. */
  readonly release?: Release | undefined;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
}

/** The engine a run works on. Disposing of it ends a lab that was started for the run. */
export interface ChosenEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** For people: `lab (trixie)`, or the engine's own address. */
  readonly name: string;
  /** How a later process finds it again. */
  readonly address: EngineAddress;
  /** Why this one; absent when the user named it. */
  readonly why: string | undefined;
  /** What only a lab has that was started for the run. */
  readonly own?: OwnLab;
  /** How to reset its machine to the state it started in; absent where the engine is the user's own. */
  readonly reset?: Reset;
}

/** How to reset a lab's machine to the state it started in. */
export interface Reset {
  /** Whether only this run uses it: what others have in a lab of theirs must stay. */
  isFree(run: string): Promise<boolean>;
  /** Ends this machine and starts another in its place. To be called once nothing of the run is on it. */
  restart(): Promise<ChosenEngine>;
}

/** A lab that was started for the run. */
export interface OwnLab {
  /** Starts another like it, beside it or in its place. */
  another(): Promise<ChosenEngine>;
  /** Why nothing can be done in it any more; `undefined` while it lives. */
  lost(): Promise<string | undefined>;
}
