import { expect } from 'chai';
import { pathsOf } from '../../src/path/trace.js';
import { recorded, type Situation } from '../diagnosis/situation.js';

/** Where a way ends, and what model and measurement make of it. */
function endOf(situation: Situation, id: string): readonly unknown[] {
  const path = pathsOf(situation).find((one) => one.id === id);
  return [path?.end?.direction, path?.end?.hop, path?.end?.node, path?.agreement];
}

describe('the end of a way', () => {
  it('is the wire for a VLAN the switch port does not carry, whichever side asks', () => {
    const cut = recorded('l2-vlan-on-access-port');
    expect(endOf(cut, 'webapp>google.com/icmp')).to.deep.equal(['there', 'lan', 'host', 'agree']);
    expect(endOf(cut, 'laptop>webapp/icmp')).to.deep.equal(['there', 'lan', 'gateway', 'agree']);
  });

  it('is in the first round for what would go in circles, though later rounds pass by the same places', () => {
    const circle = recorded('l3-gateway-given');
    expect(endOf(circle, 'webapp>192.168.10.1/icmp')).to.deep.equal(['there', 'host-forward', 'host', 'agree']);
  });
});
