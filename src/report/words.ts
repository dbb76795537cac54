import { CAUSES } from '../diagnosis/causes/index.js';
import type { PrintedCommand } from '../diagnosis/diagnosis.js';
import type { PredictedCheck } from './prediction-result.js';
import type { CheckResult, Proof, RemedyResult, ScenarioResult, Verdict } from './result.js';
import type { ShortList } from './short-lists.js';
import { HOP_TEXTS } from './words/hop.js';

/** Verdicts with the sign that says the same without colour. */
export const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✔', fail: '✘', flaky: '~', skipped: '-', broken: '!' };

const PROOFS: Readonly<Record<Proof, string>> = {
  verified: 'verified: applied in this run, the failed checks then passed',
  failed: 'applied in this run, and it did not help',
  'not tried': 'not tried in this run',
};

/** What became of a remedy in this run, and why it was not verified. */
export function proofText({ proof, because }: Pick<RemedyResult, 'proof' | 'because'>): string {
  return because === undefined ? PROOFS[proof] : `${PROOFS[proof]}: ${because}`;
}

/** What is predicted of a remedy, where no run verified it; `undefined` where one did, and for older results. */
export function predictedText({ prediction, proof }: Pick<RemedyResult, 'prediction' | 'proof'>): string | undefined {
  return proof === 'verified' ? undefined : prediction?.sentence;
}

/** What is predicted of the remedies of several causes; `undefined` for one alone, and where a run verified them. */
export function predictedTogetherText({ causes, prediction, remedy }: ScenarioResult): string | undefined {
  const runnable = causes.filter(({ remedies }) => remedies.some(({ use }) => use === 'run'));
  if (prediction === undefined || runnable.length < 2 || remedy.proof === 'verified') return undefined;
  return `All fixes together. ${prediction.sentence}`;
}

/** What is predicted of the change that the user asked about, line by line: the whole, then each check that it concerns. */
export function whatIfLines({ whatIf }: ScenarioResult): readonly string[] {
  if (whatIf === undefined) return [];
  const { change, prediction } = whatIf;
  const head = `What if: ${change}. ${prediction.sentence}`;
  if (prediction.kind === 'not-predictable') return [head];
  const told = (checks: readonly PredictedCheck[], does: string) =>
    checks.map(({ id, place, because }) => `${id}: ${does}${place ? ` at ${HOP_TEXTS[place.hop]}` : ''}: ${because}`);
  return [
    head,
    ...prediction.mended.map((id) => `${id}: passes then`),
    ...told(prediction.failing, 'still fails'),
    ...told(prediction.broken, 'fails then'),
    ...told(prediction.open, 'is not predicted'),
  ];
}

/** What a check was expected to do. */
export function expectedText({ expected }: CheckResult): string {
  return 'cause' in expected ? `${expected.kind.replace('-', ' ')} ${expected.cause}` : expected.kind;
}

/** What a check did, with the share of attempts that arrived where that says more. */
export function observedText({ observed, attempts, failure, predicted }: CheckResult): string {
  if (predicted !== undefined)
    return `not asked, predicted: ${predicted === 'reachable' ? 'passes the host' : predicted}`;
  const share = observed === 'partly reachable' ? ` (${attempts.arrived} of ${attempts.sent})` : '';
  return `${observed}${share}${failure && observed !== 'reachable' ? `: ${failure}` : ''}`;
}

/** How long a scenario took, in whole and tenth seconds. */
export function secondsOf({ timing }: ScenarioResult): string {
  return (timing.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1);
}

/** Causes by id, or the word for none. */
export function causesText({ causes, inconclusive, checks }: ScenarioResult): string {
  if (causes.length > 0) return causes.map(({ id }) => id).join(', ');
  const open = inconclusive.find(({ explains, oneOf }) => explains.length > 0 && oneOf.length > 0);
  if (open) return `one of ${open.oneOf.join(', ')}`;
  return checks.length === 0 ? '' : 'none';
}

/** Which causes remain, and what was not observed. */
export function openText({ causes, missing }: ShortList): string {
  if (causes.length > MOST_IN_A_LIST) return `${byPlace(causes)} Not observed: ${missing.join('; ')}.`;
  const [only, ...others] = causes.map(({ id, title }) => `${title} (${id})`);
  const what =
    others.length === 0
      ? `This may be the cause: ${only}`
      : `One of these is the cause, the most usual first: ${[only, ...others].map((one, at) => `${at + 1}. ${one}`).join('; ')}`;
  return `${what}. Not observed: ${missing.join('; ')}.`;
}

/** More than these are no short list: then the places are told apart. */
const MOST_IN_A_LIST = 3;

/** `Several causes fit. At the router: … On the way to it: …` */
function byPlace(causes: ShortList['causes']): string {
  const places = [...new Set(causes.map(({ id }) => placeOf(id)))];
  const told = places.map((place) => {
    const own = causes.filter(({ id }) => placeOf(id) === place);
    return `${place}: ${own.map(({ id, title }) => `${title} (${id})`).join('; ')}.`;
  });
  return ['Several causes fit.', ...told].join(' ');
}

function placeOf(id: string): string {
  const hop = CAUSES.find((cause) => cause.id === id)?.hop ?? 'lan';
  if (hop.startsWith('gateway')) return 'At the router';
  if (hop === 'uplink') return 'Beyond the router';
  return hop === 'target' || hop === 'far-route' ? 'At the target' : 'Between the host and the router';
}

/** The line above the test that decides between them. */
export function decideText({ on }: PrintedCommand): string {
  return `To find out, run on ${on}:`;
}

/** What a look sent. */
export function sentText({ probes, packets }: NonNullable<ScenarioResult['sent']>): string {
  return `Sent: ${probes} probes handed at most ${packets} packets to the kernel.`;
}
