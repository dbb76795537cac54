import { expect } from 'chai';
import { pathsOf } from '../../../src/path/trace.js';
import { pathVerdictText } from '../../../src/report/words/path.js';
import { seenFromHost } from '../../replay/seen-from-host.js';
import { recorded } from '../../diagnosis/situation.js';

const PING = 'webapp -> 8.8.8.8 over icmp';

describe('what a machine on the way says by ICMP', () => {
  const path = (id: string) => {
    const evidence = seenFromHost(recorded(id));
    const probe = evidence.probes.find(
      ({ from, over, to }) => from === 'webapp' && over.protocol === 'icmp' && to.address === '8.8.8.8',
    );
    const found = pathsOf(evidence).find((one) => one.id === probe?.id);
    if (!found) throw new Error(`${id} has no ${PING}`);
    return found;
  };

  it('is part of the path of a flow that does not arrive, with who said it', () => {
    const { told } = path('uplink-down');
    expect(told).to.deep.include({ sender: '192.168.0.1', complaint: 'no-route', part: 'request' });
  });

  it('is said in place of guesses about what lies outside our view', () => {
    const text = pathVerdictText(path('uplink-down'));
    expect(text).to.match(/192\.168\.0\.1 replied to the request with "network unreachable", seen at \S+ on \S+\./);
    expect(text).to.not.match(/port security/);
  });

  it('is not in the path of a flow that arrives, where a redirect was seen', () => {
    expect(path('article-second-attempt').told).to.equal(undefined);
  });
});
