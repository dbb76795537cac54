import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { complaint } from '../../src/diagnosis/flow-questions.js';
import { pictureOf } from '../../src/report/picture.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { VIEWS, type ViewName } from '../replay/behaviour.js';

describe('the story of a result', () => {
  for (const view of Object.keys(VIEWS) as ViewName[]) {
    it(`is told with one flow, over all recorded runs as the ${view} shows them`, () => {
      expect(recordedIds().flatMap((id) => stories(id, view))).to.deep.equal([]);
    });
  }
});

/** Where headline, causes and picture of a recorded run speak of different flows. */
function stories(id: string, view: ViewName): readonly object[] {
  const evidence = VIEWS[view](recorded(id));
  const { flows, found } = diagnose(evidence);
  const result = rediagnosed({ id, evidence, was: undefined });
  const spokenOf = (sentence: string) =>
    flows.filter((flow) => sentence.startsWith(complaint(flow))).map((flow) => flow.id);
  const headline = spokenOf(result.headline);
  const picture = pictureOf(result)?.flow;
  const wrong =
    (picture !== undefined && picture !== result.flow) ||
    (headline.length > 0 && !headline.includes(result.flow ?? ''));
  return [
    ...(wrong ? [{ id, view, headline, flow: result.flow, picture }] : []),
    ...found.flatMap(({ cause, explanation, flow }) => {
      const told = spokenOf(explanation);
      return told.length > 0 && !told.includes(flow?.id ?? '')
        ? [{ id, view, cause: cause.id, told, flow: flow?.id }]
        : [];
    }),
  ];
}
