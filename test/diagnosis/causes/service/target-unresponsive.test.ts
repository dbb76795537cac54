import { targetUnresponsive } from '../../../../src/diagnosis/causes/service/target-unresponsive.js';
import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { seenFromHost } from '../../../replay/seen-from-host.js';
import { repacked } from '../../readdress.js';
import {
  arriving,
  asleep,
  change,
  describeCause,
  lost,
  recorded,
  unseen,
  withoutPackets,
  type Situation,
} from '../../situation.js';

const unresponsive = recorded('l3-target-unresponsive');
const toUplink = withoutPackets(
  unresponsive,
  'gateway',
  ({ direction, content }) => direction === 'out' && content.kind === 'icmp' && content.source.startsWith('203.'),
);

/** Without the packets that these sent, and the replies to them. */
function unsent(situation: Situation, ...senders: readonly string[]): Situation {
  const tags = situation.probes.flatMap(({ from, tag }) => (tag !== undefined && senders.includes(from) ? [tag] : []));
  const nodes = ['host', 'gateway'];
  return nodes.reduce(
    (rest, node) =>
      withoutPackets(rest, node, ({ content }) => {
        const marks = content.kind === 'icmp' ? [content.id] : 'sourcePort' in content ? portsOf(content) : [];
        return marks.some((mark) => mark !== undefined && tags.includes(mark));
      }),
    situation,
  );
}

function portsOf({ sourcePort, destinationPort }: { sourcePort: number; destinationPort: number }): readonly number[] {
  return [sourcePort, destinationPort];
}

/** Without the internet's replies in a node's captures. */
const unanswered = (situation: Situation, node: string) =>
  withoutPackets(
    situation,
    node,
    ({ content }) => 'source' in content && ['8.8.8.8', '1.1.1.1'].includes(content.source),
  );

/** With replies to the gateway alone: its requests leave from its own address, and all others' from `source`. */
function gatewayAnswered(source: string): Situation {
  const own = unresponsive.probes.find(({ id }) => id === 'gateway>internet/icmp')?.tag;
  const asked = arriving(lost(unresponsive, 'timeout', 'webapp>*', 'database>*', 'host>*'), 'gateway>internet/icmp');
  const quiet = unanswered(unanswered(asked, 'host'), 'gateway');
  return repacked(quiet, 'gateway', (packet) => {
    const { content } = packet;
    if (content.kind === 'icmp' && content.id === own) {
      const { source: from, destination: to } = content;
      return [
        packet,
        { ...packet, direction: 'in', content: { ...content, type: 'echo-reply', source: to, destination: from } },
      ];
    }
    const outwards = packet.direction === 'out' && 'source' in content && content.source === '203.0.113.2';
    return outwards ? { ...packet, content: { ...content, source } } : packet;
  });
}

const returnPathCut = lost(unresponsive, 'timeout', 'webapp>*', 'database>*', 'host>*');
const shutIn = unsent(lost(unresponsive, 'timeout', 'webapp>*', 'database>*'), 'webapp', 'database');

describeCause(targetUnresponsive, {
  recognises: {
    'an address that replies to TCP and to no ping, of containers and of the host': unresponsive,
    'an address that does not reply, beside another that does': lost(
      unresponsive,
      'timeout',
      '*google.com/tcp/443',
      '*8.8.8.8/tcp/443',
      '*internet/tcp/443',
    ),
    'the same seen from the host alone': unseen(unresponsive, 'gateway'),
    'an address without replies at the gateway’s uplink, where other replies come in that are lost on the return path':
      returnPathCut,
    'an address that does not reply to the host, while no packet of the containers arrives': shutIn,
    'an address that replies to the gateway, to the same source, over another protocol': gatewayAnswered('203.0.113.2'),
    'the same without a look at the gateway': unseen(shutIn, 'gateway'),
  },
  cannotTell: {
    'the same where the captures did not work': asleep(asleep(unresponsive, 'host'), 'gateway'),
    'the same without captures': change(unresponsive, () => ({ captures: [] })),
  },
  leavesAlone: {
    'an address that replies to the host': arriving(
      unresponsive,
      'host>google.com/icmp',
      'host>internet/icmp',
      'host>8.8.8.8/icmp',
    ),
    'an internet that does not reply at all': recorded('uplink-down'),
    'a host that gets other replies on another path than the one without a reply': arriving(
      recorded('uplink-down'),
      'host>8.8.8.8/icmp',
    ),
    'a gateway that does not translate: the host gets replies': recorded('comment-gateway-does-not-nat'),
    'a gateway that forwards packets to all addresses but one': toUplink,
    'the same with replies': arriving(unresponsive, '*'),
    'a network where everything arrives': recorded('article-second-attempt'),
    'containers and a host that get no reply at all': lost(
      unanswered(unresponsive, 'gateway'),
      'timeout',
      'webapp>*',
      'database>*',
      'host>*',
    ),
    'containers and a host that get no reply at all, without a look at the gateway': unseen(returnPathCut, 'gateway'),
    'a gateway that gets replies itself, and leaves the LAN untranslated': gatewayAnswered('192.168.0.2'),
    'an address that replies to one container, and not to the other': arriving(unresponsive, 'database>8.8.8.8/icmp'),
    'a host whose requests were seen nowhere, beside containers that get no reply': unsent(shutIn, 'host'),
    'a closed port that rejects the connection': lost(
      unresponsive,
      'refused',
      'webapp>google.com/icmp',
      'database>8.8.8.8/icmp',
      '*internet/icmp',
    ),
    'packets that never left the host': withoutPackets(unresponsive, 'host'),
    'a big packet beside small ones to the same target, of which the path may carry the small ones only': seenFromHost(
      recorded('l3-mtu-mismatch'),
    ),
    'a target that the host did not try': {
      ...unresponsive,
      origin: 'synthetic',
      probes: unresponsive.probes.filter(({ from }) => from !== 'host'),
    },
  },
});

describe('a target that does not reply, beside another fault', () => {
  const explained = (situation: Situation) => diagnose(situation, [targetUnresponsive]).found[0]?.ruling.explains;

  it('explains requests of containers to it, although another cause stops them on the host', () => {
    expect(explained(shutIn)).to.include.members([
      'webapp>google.com/icmp',
      'database>8.8.8.8/icmp',
      'host>google.com/icmp',
    ]);
  });

  it('explains no request over another protocol', () => {
    expect(explained(returnPathCut)).to.include('host>google.com/icmp');
    expect(explained(returnPathCut)).to.not.include.members(['host>google.com/tcp/443']);
    expect(explained(returnPathCut)).to.not.include.members(['webapp>google.com/tcp/443']);
  });
});
