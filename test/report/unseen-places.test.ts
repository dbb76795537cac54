import { expect } from 'chai';
import { pictureOf } from '../../src/report/picture.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';

/** Stations marked as the place where a packet is lost, with whether anything was read or captured on their node. */
function marked(id: string) {
  const evidence = seenFromHost(recorded(id));
  const { links = {}, captures = [] } = evidence.facts;
  const looked = (node: string) => links[node] !== undefined || captures.some((capture) => capture.node === node);
  const picture = pictureOf(rediagnosed({ id, evidence, was: undefined }));
  return [...(picture?.forward ?? []), ...(picture?.return ?? [])].map(({ node, state }) => ({
    ...{ id, node, state },
    looked: looked(node),
  }));
}

describe('the picture of a path, as the host alone shows it', () => {
  const all = recordedIds().flatMap(marked);

  it('marks no place as the one that loses the packet where no look was taken', () => {
    expect(all.filter(({ state, looked }) => state === 'failed' && !looked)).to.deep.equal([]);
  });

  it('says where it may be lost instead', () => {
    expect(all.filter(({ state, looked }) => state === 'suspected' && !looked)).to.not.be.empty;
  });
});
