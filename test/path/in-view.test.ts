import { expect } from 'chai';
import { pathsOf } from '../../src/path/trace.js';
import { pathVerdictText } from '../../src/report/words/path.js';
import { recorded } from '../diagnosis/situation.js';

/** The path of one flow of a recorded run. */
const path = (id: string, flow: string) => {
  const found = pathsOf(recorded(id)).find((one) => one.id === flow);
  if (!found) throw new Error(`${id} has no ${flow}`);
  return found;
};

describe('a packet that is lost where it was looked at', () => {
  it('is said to be lost there: between the parent and a container that sends from another MAC address', () => {
    const text = pathVerdictText(path('macvlan-bridge-inside', 'laptop>webapp/icmp'));
    expect(text).to.match(/^The packet is lost on host, at the link between container and parent/);
    const own = pathVerdictText(path('macvlan-bridge-inside', 'webapp>gateway/icmp'));
    expect(own).to.match(/^No packet was seen to leave webapp/);
  });

  it('is outside our view where the router, which was not looked at, may have lost it', () => {
    expect(path('l2-cloud-secondary-ip-not-assigned', 'webapp>8.8.8.8/icmp').verdict.kind).to.equal(
      'lost-outside-view',
    );
  });
});
