import { expect } from 'chai';
import { VIEWS, type ViewName } from '../replay/behaviour.js';
import { deniedIn } from './denied.js';
import { explained, helped, pages, reported, type Said } from './sentences.js';

describe('plain English', () => {
  const sources: Readonly<Record<string, () => readonly Said[]>> = {
    'every page': pages,
    'the help of every verb': helped,
    'the explanation of every cause': explained,
    ...Object.fromEntries(
      (Object.keys(VIEWS) as ViewName[]).map((view) => [
        `every recorded run as the ${view} shows it`,
        () => reported(view),
      ]),
    ),
  };
  for (const [name, said] of Object.entries(sources)) {
    it(`is what ${name} is written in`, () => {
      expect(deniedIn(said())).to.deep.equal([]);
    });
  }
});
