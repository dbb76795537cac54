import { seenFromHost } from '../../../replay/seen-from-host.js';
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
    'the rules that its owner printed, without a capture on the gateway': change(bare, ({ captures }) => ({
      captures: captures.filter(({ node }) => node !== 'gateway'),
    })),
  },
  leavesAlone: {
    'a gateway that translates, with its uplink down': recorded('uplink-down'),
    'requests that never reached the gateway': recorded('comment-host-kill-switch'),
    'replies that arrived': arriving(bare, 'webapp>*', 'database>*'),
    'a gateway that was not observed and does not reply to the container': lost(
      unseen(bare, 'gateway'),
      'timeout',
      'webapp>gateway/icmp',
      'database>gateway/icmp',
    ),
    'a gateway that was not observed, with a host capture that did not work': asleep(unseen(bare, 'gateway'), 'host'),
  },
  cannotTell: {
    'a gateway that was not observed: it may not translate, or filter': unseen(bare, 'gateway'),
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

  it('is not suspected', () => {
    const { inconclusive, ruledOut } = diagnose(printed);
    expect(inconclusive.flatMap(({ ruling }) => ruling.oneOf)).to.not.include('gateway-no-nat-for-container-subnet');
    expect(ruledOut.find(({ cause }) => cause === gatewayNoNatForContainerSubnet)?.ruling.because).to.match(
      /translate/,
    );
  });
});

describe('a gateway whose own uplink is down, before a host with another way out', () => {
  const dark = withRoute(arriving(recorded('uplink-down'), 'host>8.8.8.8/icmp', 'host>google.com/http'), 'host', {
    destination: '8.8.8.8/32',
    device: 'mgmt',
  });
  const suspected = (situation: Situation) => diagnose(situation).inconclusive.flatMap(({ ruling }) => ruling.oneOf);

  it('is not suspected of dropping the containers’ requests', () => {
    expect(diagnose(dark).found.map(({ cause }) => cause.id)).to.deep.equal(['internet-uplink-down']);
    expect(suspected(dark)).to.deep.equal([]);
  });

  it('is suspected where it was not observed', () => {
    expect(suspected(seenFromHost(dark))).to.include.members([
      'gateway-no-nat-for-container-subnet',
      'internet-uplink-down',
    ]);
  });
});
