import { expect } from 'chai';
import { cloudName } from '../../../src/diagnosis/remedies/cloud-name.js';
import { printedIn } from '../every-situation.js';
import { recorded } from '../situation.js';

const SUBNETS = [
  '192.168.10.0/24',
  '192.168.100.0/24',
  '192.168.1.0/24',
  '19.2.168.10/24',
  '2001:db8:1::/64',
  '2001:db8::1/64',
  '2001:db8:1111:2222:3333:4444:5555:6666/128',
  '::ffff:192.168.10.0/120',
  '::/0',
];

describe('the name of a route in a cloud', () => {
  const names = SUBNETS.map((subnet) => cloudName(subnet));

  it('is another for every subnet', () => {
    expect(new Set(names).size).to.equal(SUBNETS.length);
  });

  for (const [at, name] of names.entries())
    it(`holds only what Azure and Google Cloud take, for ${SUBNETS[at]}`, () => {
      expect(name).to.match(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
    });

  it('is another in every route that one report prints', () => {
    const texts = printedIn(recorded('article-first-attempt')).map(({ text }) => text);
    for (const create of [
      /az network route-table route create .* -n (containers\S*) /,
      /gcloud compute routes create (\S+)/,
    ]) {
      const given = texts.flatMap((text) => create.exec(text)?.[1] ?? []);
      expect(given.length).to.be.greaterThan(1);
      expect(new Set(given).size).to.equal(given.length);
    }
  });
});
