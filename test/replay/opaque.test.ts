import { expect } from 'chai';
import type { Cause, Detection } from '../../src/diagnosis/cause.js';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { allBehaviour, differences, keptBehaviour, VIEWS, type ViewName } from './behaviour.js';

/** A cause whose every text is a token that says nothing, and is never the same twice. */
function opaque(cause: Cause): Cause {
  return {
    ...cause,
    title: token(),
    background: token(),
    detect: (view) => withoutWords(cause.detect(view)),
    explain: token,
    remedy: (detail) => cause.remedy(detail).map((remedy) => ({ ...remedy, title: token() })),
  };
}

function withoutWords(detection: Detection<unknown>): Detection<unknown> {
  switch (detection?.ruling) {
    // What a found cause rests on is data.
    case undefined:
    case 'found':
      return detection;
    case 'ruled-out':
      return { ...detection, because: token() };
    case 'inconclusive':
      return { ...detection, missing: token() };
  }
}

let tokens = 0;
const token = () => `token ${++tokens}`;

describe('a diagnosis whose words say nothing', () => {
  for (const view of Object.keys(VIEWS) as ViewName[]) {
    it(`concludes the same from every recorded run in the view "${view}"`, () => {
      expect(differences(keptBehaviour(view), allBehaviour(view, CAUSES.map(opaque)))).to.deep.equal([]);
    }).timeout(60_000);
  }
});
