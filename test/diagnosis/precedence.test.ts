import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { recorded, recordedIds } from './situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';

const everyRun = () => recordedIds().flatMap((id) => [recorded(id), seenFromHost(recorded(id))]);

describe('of several causes', () => {
  it('no certain one comes after a likely one of its kind, over all recorded runs', () => {
    for (const evidence of everyRun()) {
      const faults = diagnose(evidence).found.filter(({ cause, ruling }) => cause.kind === 'fault' && !ruling.hidden);
      const order = faults.map(({ ruling }) => ruling.confidence);
      expect(order).to.deep.equal([...order].sort());
    }
  });

  it('no list of what may be wrong is about a check that a certain cause explains, over all recorded runs', () => {
    for (const evidence of everyRun()) {
      const { found, inconclusive } = diagnose(evidence);
      const certain = new Set(found.flatMap(({ ruling }) => (ruling.confidence === 'certain' ? ruling.explains : [])));
      const doubled = inconclusive.flatMap(({ ruling }) => ruling.explains.filter((id) => certain.has(id)));
      expect(doubled).to.deep.equal([]);
    }
  });
});
