import { packetLoss } from '../../../../src/diagnosis/causes/link/packet-loss.js';
import {
  alsoAsked,
  arriving,
  change,
  describeCause,
  losing,
  lost,
  recorded,
  unseen,
  type Situation,
} from '../../situation.js';
import { answeredNowAndThen } from '../../twice.js';

const lossy = recorded('l3-packet-loss');

/** As if the machine had been too slow to count: all replies are in the captures, and pings say that two of five are missing. */
const uncounted = losing(recorded('article-second-attempt'), 'webapp>google.com/icmp', 'webapp>gateway/icmp');

/** As if so many of so many echoes of one probe had come back, and all the others. */
function only(id: string, arrived: number, sent: number): Situation {
  const whole = arriving(lossy, '*');
  const probes = whole.probes.map((probe) =>
    probe.id === id && probe.outcome.kind === 'attempts'
      ? { ...probe, outcome: { ...probe.outcome, arrived, sent } }
      : probe,
  );
  return { ...whole, probes };
}

describeCause(packetLoss, {
  recognises: {
    'a gateway that loses some of what it sends to the LAN': lossy,
    'the same where the gateway was not looked at': unseen(lossy, 'gateway'),
    'the same with no capture at all': change(lossy, () => ({ captures: [] })),
    'one container alone that loses': only('webapp>google.com/icmp', 3, 5),
    'a connection that lost its first packets, beside echoes that lose some': lost(
      lossy,
      'timeout',
      'webapp>8.8.8.8/tcp/443',
    ),
    'losses of the host’s own in a check, where no container gets anything across': lost(
      only('host>google.com/icmp', 3, 5),
      'timeout',
      'webapp>*',
      'database>*',
      '*>webapp/*',
      '*>database/*',
    ),
    'a name that one container could resolve and another could not': alsoAsked(
      lost(lossy, 'not-resolved', 'webapp>google.com/icmp'),
      'host>google.com/icmp',
      { id: 'database>google.com/icmp', from: 'database' },
    ),
  },
  leavesAlone: {
    'replies that went to another machine with the same address': answeredNowAndThen(),
    'a network where everything arrives': recorded('article-second-attempt'),
    'a missing return route, with which nothing arrives': recorded('article-first-attempt'),
    'the same run, had everything arrived': arriving(lossy, '*'),
    'the same run, had nothing arrived': lost(lossy, 'timeout', '*'),
    'one of a hundred packets lost, as anywhere': only('webapp>google.com/icmp', 99, 100),
    'losses of the host’s own only, in no check': only('host>google.com/icmp', 3, 5),
  },
  cannotTell: {
    'replies that all came back, on a machine that did not count them': uncounted,
  },
});
