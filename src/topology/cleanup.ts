import { messageOf } from '../errors.js';

type Undo = () => Promise<unknown>;

/**
 * A stack of things to undo. Undoing runs last-in first-out, goes on past a step that fails, and knows no abort signal:
 * a user who presses Ctrl-C wants work to stop, and cleanup to be done.
 */
export class Cleanup implements AsyncDisposable {
  #steps: { readonly what: string; readonly undo: Undo }[] = [];
  readonly #left: string[];

  /** @param left receives one sentence per step that failed. */
  constructor(left: string[] = []) {
    this.#left = left;
  }

  /** @param what the step as a person would name it, such as `remove network ipvlan_net` */
  defer(what: string, undo: Undo): void {
    this.#steps.push({ what, undo });
  }

  /** Hands the steps to a new owner: disposing of this one then undoes nothing. */
  move(): Cleanup {
    const moved = new Cleanup(this.#left);
    moved.#steps = this.#steps;
    this.#steps = [];
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        this.#left.push(`Could not ${step.what}: ${messageOf(error)}`);
      }
    }
  }
}
