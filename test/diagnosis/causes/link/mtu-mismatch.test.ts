import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { mtuMismatch } from '../../../../src/diagnosis/causes/link/mtu-mismatch.js';
import { seenFromHost } from '../../../replay/seen-from-host.js';
import {
  alsoAsked,
  arriving,
  broken,
  describeCause,
  lost,
  recorded,
  unseen,
  withLink,
  type Situation,
} from '../../situation.js';

const narrow = recorded('l3-mtu-mismatch');
const wide = withLink(narrow, 'gateway', { name: 'lan0', mtu: 1500 });

const BIG = 'webapp>google.com/mtu/1500';
const compared = (situation: Situation): Situation => ({
  ...situation,
  probes: situation.probes.map((probe) => (/mtu/.test(probe.id) ? { ...probe, purpose: 'comparison' } : probe)),
});
/** As `diagnose` asks on a host: large packets are only compared, and no link beyond the parent is seen. */
const oneTarget = compared(arriving(seenFromHost(wide), 'database>gateway/mtu/1500', 'host>gateway/mtu/1500'));
const second = { label: '1.1.1.1', node: 'internet', name: undefined, address: '1.1.1.1' };
const twoTargets = alsoAsked(oneTarget, BIG, { id: 'webapp>1.1.1.1/mtu/1500', to: second });

describeCause(mtuMismatch, {
  recognises: {
    'a gateway’s link that carries less than the others on its segment': narrow,
    'a parent that carries less': withLink(wide, 'host', { name: 'enp0s3', mtu: 1400 }),
    'a container’s own link that was set lower': withLink(wide, 'webapp', { name: 'eth0', mtu: 1280 }),
    'an uplink that carries less, behind a router whose ICMP errors are lost': withLink(wide, 'gateway', {
      name: 'wan0',
      mtu: 1492,
    }),
    'a link on the path that was not looked at': unseen(narrow, 'gateway'),
    'a router that suppresses its report, by what the host compares': twoTargets,
    'a switch between links that all carry more': wide,
  },
  leavesAlone: {
    'large packets that arrive through links that look narrow': arriving(narrow, '*/mtu/*'),
    'a target that small packets do not reach either': lost(narrow, 'timeout', 'webapp>*', 'database>*'),
    'a network where no large packet was sent': recorded('article-second-attempt'),
    'a narrow link, and no lost packet': withLink(recorded('article-second-attempt'), 'gateway', {
      name: 'lan0',
      mtu: 1400,
    }),
    'large packets of the host’s own only': arriving(narrow, 'webapp>*', 'database>*'),
    'one internet target that answers no large ping, where it was only compared': oneTarget,
    'a router that says what fits, where it was only compared': lost(twoTargets, 'too-big', '*/mtu/1500'),
    'a second target that a large packet reaches': arriving(twoTargets, 'webapp>1.1.1.1/mtu/1500'),
    'a probe that could not run': broken(narrow, '*/mtu/1500'),
  },
});

describe('what mtu-mismatch says of a narrow link that was not seen', () => {
  const explanationOf = (situation: Situation) => diagnose(situation, [mtuMismatch]).found[0]?.explanation;

  it('is that the router suppresses its report, where as large a packet reaches the router', () => {
    expect(explanationOf(twoTargets)).to.match(/the router there suppresses "fragmentation needed"/);
  });

  it('is no more than that a link is narrow, where large packets do not reach the router either', () => {
    const onLan = lost(twoTargets, 'timeout', 'database>gateway/mtu/1500');
    expect(explanationOf(onLan)).to.match(/carries less than 1500 bytes\.$/);
  });
});
