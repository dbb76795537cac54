import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine, examineKept, type Examined } from './examine.js';
import { answerOf, breaksOf, type Break } from './invariants.js';
import { situation, type Situation } from './situation.js';
import { chosenNumbers } from './wish.js';

/**
 * Random situations in the lab, each as a run and as `diagnose` on its host see it: `make field N=50 SEED=1`. `FROM=17` goes on
 * with the seventeenth, `ONLY=17` asks that one alone. What breaks an invariant is kept below reports/field: `KEPT=1` diagnoses it
 * again by today's rules, without a lab.
 */
const { seed, numbers, kept } = chosenNumbers(process.env);
const state = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-field-'));
process.env['IPVLAN_DOCTOR_STATE'] = state;
const told: { readonly one: Situation; readonly breaks: readonly Break[] }[] = [];
const answers = new Map<string, number>();
try {
  for (const number of numbers) {
    const one = situation({ seed, number });
    const begun = Date.now();
    const examined = kept ? await examineKept(one, directoryOf(one)) : await examinedAtLast(one);
    if (examined) told.push({ one, breaks: judged(one, examined) });
    if (!kept) console.log(`    ${Math.round((Date.now() - begun) / 1000)} s`);
    if (!kept && told.at(-1)?.breaks.length === 0) await rm(directoryOf(one), { recursive: true });
  }
} finally {
  await rm(state, { recursive: true, force: true });
}
summarize();

/** An emulated machine may hang or be too slow: what could not be looked at is looked at once more, and said so. */
async function examinedAtLast(one: Situation): Promise<Examined> {
  const first = await examine(one, directoryOf(one));
  if (!('error' in first)) return first;
  console.log(`    ${one.number} is looked at once more: ${first.error}`);
  return examine(one, directoryOf(one));
}

/** Says a line about a situation, and one for each invariant that it breaks. */
function judged(one: Situation, examined: Examined): readonly Break[] {
  if ('error' in examined) {
    console.log(`✖ ${lineOf(one)}\n    could not be looked at: ${examined.error}`);
    return [{ view: 'site', invariant: 'every situation can be looked at', why: examined.error }];
  }
  const { views } = examined;
  const breaks = views.flatMap((seen) => breaksOf(seen, one.broken));
  const said = views.map((seen) => {
    const answer = `${seen.view}: ${answerOf(seen, one.broken)}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    return answer;
  });
  console.log(`${breaks.length > 0 ? '✖' : '✔'} ${lineOf(one)}  ${said.join(', ')}`);
  for (const { view, invariant, why } of breaks) console.log(`    ${view}: ${invariant}: ${why}`);
  return breaks;
}

function lineOf({ number, title, noise }: Situation): string {
  return `${number}  ${title}${noise.length > 0 ? `  beside ${noise.join(', ')}` : ''}`;
}

function directoryOf({ id }: Situation): string {
  return join('reports', 'field', id);
}

function summarize(): void {
  const broken = told.filter(({ breaks }) => breaks.length > 0);
  const count = broken.reduce((sum, { breaks }) => sum + breaks.length, 0);
  console.log(
    [...answers]
      .sort()
      .map(([answer, times]) => `${answer} ${times}`)
      .join(', '),
  );
  console.log(`${told.length} situations, ${count} invariants broken`);
  for (const { one } of broken)
    console.log(`  ${directoryOf(one)}/${one.id}.yaml: make field SEED=${one.seed} ONLY=${one.number}`);
  if (count > 0) process.exitCode = 1;
}
