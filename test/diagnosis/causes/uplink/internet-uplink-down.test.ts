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

/** One address answers no ping, and what others answer is lost between the gateway and whoever asked. */
const lostInside = lost(recorded('l3-target-unresponsive'), 'timeout', '*');
const fromInternet = ['8.8.8.8', '1.1.1.1'];
const unanswered = (situation: Situation, node: string) =>
  withoutPackets(situation, node, ({ content }) => 'source' in content && fromInternet.includes(content.source));

describeCause(internetUplinkDown, {
  recognises: {
    'an uplink that is down': dark,
    'a gateway that cannot be seen, beyond which nobody gets an answer': unseen(dark, 'gateway'),
    'an uplink that looks well, and by which nothing comes in': unanswered(unanswered(lostInside, 'host'), 'gateway'),
  },
  leavesAlone: {
    'a gateway whose own ping nobody answers, while answers to others come in by its uplink': lostInside,
    'one of two targets that answers, with the gateway out of sight': arriving(
      unseen(dark, 'gateway'),
      'host>*',
      'gateway>*',
    ),
    'a gateway without a way back, where the host gets out': recorded('article-first-attempt'),
    'an address of the containers’ own subnet that nobody holds, which the gateway routes to the host': lost(
      retargeted(routed, 'host>internet/icmp', '192.168.10.77'),
      'timeout',
      'host>internet/icmp',
    ),
    'a parent that is down, behind which nothing can be said of the uplink': recorded('parent-down'),
    'a host that filters only its containers': recorded('comment-host-kill-switch'),
  },
});

describe('an uplink that is down, beside a host that gets out by a tunnel', () => {
  it('explains what the containers ask in vain of the very targets that answer the host', () => {
    const [found] = diagnose(tunnelled, [internetUplinkDown]).found;
    expect(found?.ruling.explains).to.include.members(['webapp>8.8.8.8/icmp', 'laptop>8.8.8.8/icmp']);
  });
});
