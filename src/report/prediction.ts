import type { Diagnosis } from '../diagnosis/diagnosis.js';
import type { ChangePrediction, CheckPrediction, Predictor } from '../diagnosis/what-if/predict-changes.js';
import type { Wish } from '../diagnosis/what-if/wish.js';
import type { ScenarioResult } from './result.js';
import type { PredictedCheck, PredictionResult } from './prediction-result.js';
import { endText, notPredictableText, predictionSentence } from './words/prediction.js';

/** What a report says of predicted changes. */
export function predictionResult(prediction: ChangePrediction): PredictionResult {
  if (prediction.kind === 'not-predictable') {
    const { kind, why } = prediction;
    return { kind, sentence: notPredictableText(why), why: { ...why } };
  }
  const { checks, assumed } = prediction;
  const fails = ({ before }: CheckPrediction) => before === 'none' || before === 'some';
  const told = (which: (check: CheckPrediction) => boolean) => checks.filter(which).map(checkOf);
  const sorted = {
    mended: checks.filter((one) => fails(one) && one.then === 'arrives').map(({ id }) => id),
    failing: told((one) => fails(one) && one.then === 'lost'),
    broken: told((one) => one.before === 'all' && one.then === 'lost'),
    open: told((one) => one.before !== 'unknown' && one.then === 'unknown'),
    assumed,
  };
  return { kind: 'predicted', sentence: predictionSentence(sorted, checks.filter(fails).length), ...sorted };
}

function checkOf({ id, end }: CheckPrediction): PredictedCheck {
  const place = end && { direction: end.direction, hop: end.hop, node: end.node };
  return { id, ...(place ? { place } : {}), because: endText(end) };
}

/** What is predicted of the first runnable remedy of each cause that explains a check, all together. */
export function predictedTogether(
  { found }: Pick<Diagnosis, 'found'>,
  checks: readonly { readonly id: string }[],
  predictor: Predictor,
): { readonly prediction?: PredictionResult } {
  const changes = found
    .filter(({ ruling }) => checks.some(({ id }) => ruling.explains.includes(id)))
    .flatMap(({ remedies }) => remedies.find(({ use }) => use === 'run')?.changes ?? []);
  return changes.length === 0 ? {} : { prediction: predictionResult(predictor.after(changes)) };
}

/** What is predicted of the changes that a user names; nothing without any. */
export function whatIfResult(
  wishes: readonly Wish[] | undefined,
  predictor: Predictor,
): Pick<ScenarioResult, 'whatIf'> {
  if (wishes === undefined || wishes.length === 0) return {};
  const change = wishes.map(({ text }) => text).join('; ');
  return { whatIf: { change, prediction: predictionResult(predictor.afterWishes(wishes)) } };
}
