import type { Context } from 'mocha';

/**
 * Says it of each test of a lab or an engine that is asked a second time (`--retries`), since one that passes then shows a busy machine
 * or a test that is not steady, and both are worth knowing.
 */
export const mochaHooks = {
  beforeEach(this: Context): void {
    const test = this.currentTest as (Mocha.Test & { currentRetry(): number }) | undefined;
    if (test !== undefined && test.currentRetry() > 0) console.log(`    once more: ${test.fullTitle()}`);
  },
};
