import { expect } from 'chai';
import { type Parts, plan, problems } from './write.js';

/** A table of scenarios that are refused for exactly one reason, which must be said as given. */
export function describeRefusals(table: Readonly<Record<string, readonly [Parts, string | RegExp]>>): void {
  for (const [situation, [parts, said]] of Object.entries(table)) {
    it(`rejects ${situation}`, () => {
      const lines = problems(parts);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(/^example\.yaml:\d+:\d+: /);
      if (typeof said === 'string') expect(lines[0]).to.contain(said);
      else expect(lines[0]).to.match(said);
    });
  }
}

/** A table of scenarios that look odd and are accepted without a word. */
export function describeAccepted(table: Readonly<Record<string, Parts>>): void {
  for (const [situation, parts] of Object.entries(table)) {
    it(`accepts ${situation}`, () => {
      expect(plan(parts).warnings).to.deep.equal([]);
    });
  }
}

/** A table of scenarios that are accepted with one warning. */
export function describeWarnings(table: Readonly<Record<string, readonly [Parts, RegExp]>>): void {
  for (const [situation, [parts, said]] of Object.entries(table)) {
    it(`warns about ${situation}`, () => {
      const { warnings } = plan(parts);
      expect(warnings).to.have.length(1);
      expect(warnings[0])
        .to.match(/^example\.yaml:\d+:\d+: /)
        .and.to.match(said);
    });
  }
}
