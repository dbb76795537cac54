import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import type { ScenarioResult } from '../../src/report/result.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { healthy, open, result, withoutReturnRoute } from './results.js';

interface Pasted {
  readonly on: string;
  readonly run: string;
}

/** What a reader pastes who selects the lines below each "On NODE:" and "To undo:", without the blanks before them. */
function pasted(text: string): readonly Pasted[] {
  const found: Pasted[] = [];
  let on: string | undefined;
  for (const line of stripVTControlCharacters(text).split('\n')) {
    const heading = /^ *(?:(?:On|To find out, run on) (.*)|(To undo)):$/.exec(line);
    if (heading) on = heading[1] ?? heading[2];
    else if (on !== undefined) {
      found.push({ on, run: line.replace(/^ */, '') });
      on = undefined;
    }
  }
  return found;
}

/** What the first fix of each cause, and each test that decides, has to be typed. */
function typed({ causes, inconclusive }: ScenarioResult): readonly Pasted[] {
  const commands = [
    ...causes.flatMap(({ remedies }) => remedies[0]?.commands ?? []),
    ...inconclusive.flatMap(({ explains, test }) => (test && explains.length > 0 ? [test] : [])),
  ];
  return commands.flatMap(({ on, run, undo }) => [{ on, run }, ...(undo ? [{ on: 'To undo', run: undo }] : [])]);
}

describe('a command in the terminal report', () => {
  const scenarios = [
    ...recordedIds().map((id) => rediagnosed({ id, evidence: recorded(id), was: undefined })),
    healthy({ id: 'open', verdict: 'fail', inconclusive: [open(['a', 'b'])] }),
  ];

  it('stands on the lines of every recorded run', () => {
    expect(scenarios.flatMap(typed)).to.have.length.greaterThan(100);
  });

  for (const columns of [40, 80, 120]) {
    it(`is pasted as it is to be typed at ${columns} columns, with its undo`, () => {
      for (const scenario of scenarios) {
        const text = renderTerminal(result([scenario]), { columns, verbose: true });
        expect(pasted(text), scenario.id).to.deep.equal(typed(scenario));
      }
    });

    it(`is whole at ${columns} columns where it is a hint or cleans up`, () => {
      const hint = 'ipvlan-doctor validate --parent eth0 --mode l3 --subnet 192.168.10.0/24 --gateway 192.168.10.1';
      const stopped = result([], {
        error: { code: 'USAGE', message: 'No.', hint },
        cleanup: { state: 'incomplete', left: ['a network'] },
      });
      const lines = (some: typeof stopped) =>
        stripVTControlCharacters(renderTerminal(some, { columns, verbose: false }))
          .split('\n')
          .map((line) => line.trim());
      expect(lines(stopped)).to.include.members([hint, 'ipvlan-doctor gc']);
      const kept = result([], { cleanup: { state: 'kept', left: [] } });
      expect(lines(kept)).to.include(`ipvlan-doctor gc --run ${kept.run.id}`);
    });
  }

  it('keeps its own lines, each below the other', () => {
    const [cause] = withoutReturnRoute().causes;
    const command = { on: 'host', run: 'nft -f - <<E\ntable x\nE', undo: undefined };
    const remedies = [{ title: 't', use: 'run' as const, proof: 'not tried' as const, commands: [command] }];
    const scenario = healthy({ verdict: 'fail', causes: cause ? [{ ...cause, remedies }] : [] });
    const text = stripVTControlCharacters(renderTerminal(result([scenario]), { columns: 40, verbose: true }));
    expect(text).to.match(/On host:\n +nft -f - <<E\n +table x\n +E\n/);
  });
});
