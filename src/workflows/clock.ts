import type { Phase } from '../report/result.js';

/** Notes how long each phase took. */
export class Clock {
  readonly phases: Phase[] = [];

  async time<Value>(phase: string, work: () => Promise<Value>): Promise<Value> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.phases.push({ phase, ms: Math.round(performance.now() - began) });
    }
  }
}
