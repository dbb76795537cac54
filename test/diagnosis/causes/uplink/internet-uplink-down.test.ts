import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { internetUplinkDown } from '../../../../src/diagnosis/causes/uplink/internet-uplink-down.js';
import { retargeted } from '../../readdress.js';
import {
  arriving,
  describeCause,
  lost,
  recorded,
  unseen,
  withoutPackets,
  withRoute,
  type Situation,
} from '../../situation.js';

const dark = recorded('uplink-down');
const routed = recorded('article-second-attempt');

/** A host that gets out by a tunnel of its own, as OpenVPN leads it there: its default route by the gateway is still there. */
const tunnelled = withRoute(arriving(dark, 'host>8.8.8.8/icmp', 'host>google.com/http'), 'host', {
  destination: '0.0.0.0/1',
  device: 'tun0',
  via: '10.8.0.1',
});

/** One address replies to no ping, and replies of others are lost between the gateway and the sender. */
const lostInside = lost(recorded('l3-target-unresponsive'), 'timeout', '*');
const fromInternet = ['8.8.8.8', '1.1.1.1'];
const unanswered = (situation: Situation, node: string) =>
  withoutPackets(situation, node, ({ content }) => 'source' in content && fromInternet.includes(content.source));

describeCause(internetUplinkDown, {
  recognises: {
    'an uplink that is down': dark,
    'a gateway that cannot be looked at, beyond which no flow gets a reply': unseen(dark, 'gateway'),
    'an uplink without a visible fault, through which nothing comes in': unanswered(
      unanswered(lostInside, 'host'),
      'gateway',
    ),
  },
  leavesAlone: {
    'a gateway whose own ping gets no reply, while replies to others come in through its uplink': lostInside,
    'one of two targets that replies, where the gateway cannot be looked at': arriving(
      unseen(dark, 'gateway'),
      'host>*',
      'gateway>*',
    ),
    'a gateway without a return route, where the host reaches the internet': recorded('article-first-attempt'),
    'an unused address in the subnet of the containers, which the gateway routes to the host': lost(
      retargeted(routed, 'host>internet/icmp', '192.168.10.77'),
      'timeout',
      'host>internet/icmp',
    ),
    'a parent that is down, which says nothing about the uplink': recorded('parent-down'),
    'a host that filters only its containers': recorded('comment-host-kill-switch'),
  },
});

describe('an uplink that is down, beside a host that reaches the internet through a tunnel', () => {
  it('explains the failing flows of containers to targets that reply to the host', () => {
    const [found] = diagnose(tunnelled, [internetUplinkDown]).found;
    expect(found?.ruling.explains).to.include.members(['webapp>8.8.8.8/icmp', 'laptop>8.8.8.8/icmp']);
  });
});
