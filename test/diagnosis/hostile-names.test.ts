import { expect } from 'chai';
import fc from 'fast-check';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { PrintedRemedy } from '../../src/diagnosis/diagnosis.js';
import { plain as plainText } from '../../src/printable.js';
import { everySituation, printedIn } from './every-situation.js';
import { renamed } from './rename.js';
import { recorded, type Situation } from './situation.js';
import { StubShell } from './stub-shell.js';

/** As harmless as a name can be, and found nowhere else. */
const plain = (at: number) => `plain${at}name`;
/** Ends in a letter after the number: `-4` is an option too, `-4name` never is. */
const hostileName = (name: string, at: number | string) => `${name}${at}name`;
const HOSTILE = ['evil;touch x', "it's $(touch x)`id` >p", '--help', '-', '-*?~|id&&reboot #'];

/** After these a program takes the next word as it is. */
const TAKES_ANY = /^(--?[a-zA-Z][\w-]*|dev|via|name|link|from|to|iif|oif|src|lookup|table)$/;

interface Pair {
  /** What is printed at the same place for plain names: names that hold syntax may hide a rule, and so its remedy. */
  readonly plain: readonly string[];
  readonly hostile: string;
}

/** Each printed command with hostile names, beside those printed in its place for plain ones. */
function pairsIn(situation: Situation, name: string): readonly Pair[] {
  const ours = textsIn(renamed(situation, plain));
  return [...textsIn(renamed(situation, (at) => hostileName(name, at)))].flatMap(([key, texts]) =>
    texts.flatMap((hostile) => {
      const same = ours.get(key) ?? [];
      return same.length === 0 || same.includes(hostile) || hostile.startsWith('#') ? [] : [{ plain: same, hostile }];
    }),
  );
}

/** The printed texts by cause and place of the remedy. */
function textsIn(situation: Situation): ReadonlyMap<string, readonly string[]> {
  const { found, inconclusive } = diagnose(situation);
  const commands = ({ commands: all }: PrintedRemedy) => all.flatMap(({ run, undo }) => [run, undo ?? '']);
  return new Map([
    ...found.flatMap(({ cause, remedies }) =>
      remedies.map((remedy, at) => [`${cause.id} ${at} ${remedy.use}`, commands(remedy)] as const),
    ),
    ...inconclusive.map(({ cause, ruling: { test } }) => [`${cause.id} test`, test ? [test.run] : []] as const),
  ]);
}

/** The hostile command runs what a plain one runs, with the hostile names where the plain ones stood. */
function compare(shell: StubShell, pair: Pair, name: string): void {
  const theirs = shell.run(pair.hostile);
  const hostile = (word: string) => word.replaceAll(/plain(\d+)name/g, (_, at: string) => hostileName(name, at));
  const ours = pair.plain
    .map((text) => shell.run(text))
    .map(({ calls, files }) => ({ calls: sorted(calls.map((call) => call.map(hostile))), files }));
  expect(ours, pair.hostile).to.deep.include({ calls: sorted(theirs.calls), files: theirs.files });
  if (name.startsWith('-')) for (const call of theirs.calls) holdsNoOption(call, name, pair.hostile);
}

function holdsNoOption(call: readonly string[], name: string, text: string): void {
  call.forEach((word, at) => {
    if (!word.startsWith(name) || !/^\d+name/.test(word.slice(name.length))) return;
    expect(call.slice(0, at).includes('--') || TAKES_ANY.test(call[at - 1] ?? ''), `an option in ${text}`).to.equal(
      true,
    );
  });
}

/** In a pipe programs start in any order; the end of options is no argument; a rule's own name comes from what it says. */
function sorted(calls: readonly (readonly string[])[]): readonly string[] {
  return calls
    .map((call) => JSON.stringify(call.filter((word) => word !== '--')).replaceAll(/allow [0-9a-f]{12}/g, 'allow'))
    .sort();
}

/** Situations that among them have every cause. */
function fewSituations(): readonly Situation[] {
  const known = new Set<string>();
  return [...everySituation().values()].filter((situation) => {
    const fresh = printedIn(situation).filter(({ cause }) => !known.has(cause));
    for (const { cause } of fresh) known.add(cause);
    return fresh.length > 0;
  });
}

describe('commands printed for names that hold syntax', function () {
  this.timeout(120_000);
  let shell: StubShell;
  let situations: readonly Situation[];
  before(() => {
    shell = new StubShell();
    situations = fewSituations();
  });
  after(() => shell[Symbol.dispose]());

  for (const name of HOSTILE)
    it(`hand ${JSON.stringify(name)} over as a word, and run nothing else`, () => {
      const pairs = situations.flatMap((situation) => pairsIn(situation, name));
      const distinct = new Map(pairs.map((pair) => [pair.hostile, pair]));
      for (const pair of distinct.values()) compare(shell, pair, name);
      expect(distinct.size).to.be.greaterThan(60);
    });

  it('do so with any name, and hold nothing that cannot be seen', () => {
    const ids = ['l2-wrong-gateway', 'l3-no-parent', 'l3-gateway-acl', 'l2-default-by-other-network', 'parent-down'];
    const sign = fc.constantFrom(...Array.from(';|&$()<>`\'\\ *?#~!-{}[]=%"\n\t\u001b\u202eaé'));
    const property = fc.property(
      fc.constantFrom(...ids),
      fc.array(sign, { minLength: 1, maxLength: 9 }).map((all) => all.join('')),
      (id, name) => {
        for (const pair of pairsIn(recorded(id), name)) {
          expect(plainText(pair.hostile)).to.equal(pair.hostile);
          compare(shell, pair, name);
        }
      },
    );
    fc.assert(property, { numRuns: 40 });
  });

  it('say why there is none where a name cannot be written', () => {
    const remedies = diagnose(renamed(recorded('l2-wrong-gateway'), (at) => `lan\n${at}`)).found.flatMap(
      (one) => one.remedies,
    );
    const titles = remedies.filter(({ commands }) => commands.length === 0).map(({ title }) => title);
    expect(titles.join()).to.match(/No command is printed, because "lan\\n0" holds a control character.*Rename it/);
  });
});
