import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from './examine.js';
import { answerOf, breaksOf, type Break } from './invariants.js';
import { situation, type Situation } from './situation.js';
import { chosenNumbers } from './wish.js';

/**
 * Random situations in the lab, each as a run and as `diagnose` on its host see it: `make field N=50 SEED=1`. `FROM=17` goes on
 * with the seventeenth, `ONLY=17` asks that one alone. What breaks an invariant is kept below reports/field.
 */
const { seed, numbers } = chosenNumbers(process.env);
const state = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-field-'));
process.env['IPVLAN_DOCTOR_STATE'] = state;
const told: { readonly one: Situation; readonly breaks: readonly Break[] }[] = [];
const answers = new Map<string, number>();
try {
  for (const number of numbers) {
    const one = situation({ seed, number });
    told.push({ one, breaks: await tried(one) });
  }
} finally {
  await rm(state, { recursive: true, force: true });
}
summarize();

/** Looks at one situation and says a line about it. */
async function tried(one: Situation): Promise<readonly Break[]> {
  const begun = Date.now();
  const directory = directoryOf(one);
  const examined = await examine(one, directory);
  if ('error' in examined) {
    console.log(`✖ ${lineOf(one)}\n    could not be looked at: ${examined.error}`);
    return [{ view: 'site', invariant: 'every situation can be looked at', why: examined.error }];
  }
  const { views } = examined;
  const breaks = views.flatMap((seen) => breaksOf(seen, one.broken));
  const said = views.map((seen) => {
    const answer = answerOf(seen, one.broken);
    answers.set(`${seen.view} ${answer}`, (answers.get(`${seen.view} ${answer}`) ?? 0) + 1);
    return `${seen.view}: ${answer}`;
  });
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`${breaks.length > 0 ? '✖' : '✔'} ${lineOf(one)}  ${said.join(', ')} (${seconds} s)`);
  for (const { view, invariant, why } of breaks) console.log(`    ${view}: ${invariant}: ${why}`);
  if (breaks.length === 0) await rm(directory, { recursive: true });
  return breaks;
}

function lineOf({ number, text, noise }: Situation): string {
  const title = /^title: "?(.*?)"?$/m.exec(text)?.[1] ?? '';
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
