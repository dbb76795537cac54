import { expect } from 'chai';
import { pathsOf } from '../../src/path/trace.js';
import { pictureOf } from '../../src/report/picture.js';
import type { ScenarioResult } from '../../src/report/result.js';
import { recorded } from '../diagnosis/situation.js';

describe('the picture of a path', () => {
  const labels = (id: string, flow: string) => {
    const picture = pictureOf({ paths: pathsOf(recorded(id)), flow } as unknown as ScenarioResult);
    return [...(picture?.forward ?? []), ...(picture?.return ?? [])].map(({ label }) => label);
  };

  it('calls the driver of the container by its name', () => {
    expect(labels('macvlan-healthy', 'webapp>gateway/icmp')).to.include('macvlan').and.not.include('IPvlan');
    expect(labels('l2-healthy', 'webapp>gateway/icmp')).to.include('IPvlan').and.not.include('macvlan');
  });
});
