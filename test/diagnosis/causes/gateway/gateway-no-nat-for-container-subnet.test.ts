import { gatewayNoNatForContainerSubnet } from '../../../../src/diagnosis/causes/gateway/gateway-no-nat-for-container-subnet.js';
import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import {
  arriving,
  asleep,
  change,
  describeCause,
  lost,
  recorded,
  unseen,
  withFirewall,
  withoutPackets,
  withRoute,
  type Situation,
} from '../../situation.js';

const bare = recorded('comment-gateway-does-not-nat');

describeCause(gatewayNoNatForContainerSubnet, {
  recognises: {
    'requests that leave the uplink with the container’s address': bare,
    'the gateway’s rules alone, when nothing was seen on its uplink': withoutPackets(bare, 'gateway'),
    'the rules its owner printed, when nobody could capture on the gateway': change(bare, ({ captures }) => ({
      captures: captures.filter(({ node }) => node !== 'gateway'),
    })),
  },
  leavesAlone: {
    'a gateway that translates, with its uplink down': recorded('uplink-down'),
    'requests that never came so far': recorded('comment-host-kill-switch'),
    'the answers having arrived': arriving(bare, 'webapp>*', 'database>*'),
    'a gateway out of sight that does not answer the container either': lost(
      unseen(bare, 'gateway'),
      'timeout',
      'webapp>gateway/icmp',
      'database>gateway/icmp',
    ),
    'a gateway out of sight, with the host’s own capture asleep': asleep(unseen(bare, 'gateway'), 'host'),
  },
  cannotTell: {
    'a gateway that does not translate from one that filters, when it cannot be seen': unseen(bare, 'gateway'),
  },
});

describe('a gateway whose printed rules translate the container subnet', () => {
  const printed = withFirewall(
    change(bare, ({ captures }) => ({ captures: captures.filter(({ node }) => node !== 'gateway') })),
    'gateway',
    {
      chains: [{ chain: 'postrouting', hook: 'postrouting', type: 'nat', priority: 100 }],
      rules: [{ chain: 'postrouting', text: 'oifname "wan0" masquerade', verdict: 'masquerade' }],
    },
  );

  it('is not suspected of leaving it out', () => {
    const { inconclusive, ruledOut } = diagnose(printed);
    expect(inconclusive.flatMap(({ ruling }) => ruling.oneOf)).to.not.include('gateway-no-nat-for-container-subnet');
    expect(ruledOut.find(({ cause }) => cause === gatewayNoNatForContainerSubnet)?.ruling.because).to.match(
      /translate/,
    );
  });
});

describe('a gateway whose own uplink is down, before a host that gets out by another way', () => {
  const dark = withRoute(arriving(recorded('uplink-down'), 'host>8.8.8.8/icmp', 'host>google.com/http'), 'host', {
    destination: '8.8.8.8/32',
    device: 'mgmt',
  });
  const suspected = (situation: Situation) => diagnose(situation).inconclusive.flatMap(({ ruling }) => ruling.oneOf);

  it('is not suspected of what it does with the containers’ requests', () => {
    expect(diagnose(dark).found.map(({ cause }) => cause.id)).to.deep.equal(['internet-uplink-down']);
    expect(suspected(dark)).to.deep.equal([]);
  });

  it('is where nobody could look at it', () => {
    expect(suspected(unseen(dark, 'gateway'))).to.include('gateway-no-nat-for-container-subnet');
  });
});
