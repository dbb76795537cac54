import { targetUnresponsive } from '../../../../src/diagnosis/causes/service/target-unresponsive.js';
import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
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

const silent = recorded('l3-target-unresponsive');
const toUplink = withoutPackets(
  silent,
  'gateway',
  ({ direction, content }) => direction === 'out' && content.kind === 'icmp' && content.source.startsWith('203.'),
);

/** As if what these had sent and what answered it had been seen nowhere. */
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

/** As if nothing that the internet answers had been seen at a node. */
const unanswered = (situation: Situation, node: string) =>
  withoutPackets(
    situation,
    node,
    ({ content }) => 'source' in content && ['8.8.8.8', '1.1.1.1'].includes(content.source),
  );

/** As if the gateway alone had been answered, whose requests leave from its own address, and all others' from `source`. */
function gatewayAnswered(source: string): Situation {
  const own = silent.probes.find(({ id }) => id === 'gateway>internet/icmp')?.tag;
  const asked = arriving(lost(silent, 'timeout', 'webapp>*', 'database>*', 'host>*'), 'gateway>internet/icmp');
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

const wayBackCut = lost(silent, 'timeout', 'webapp>*', 'database>*', 'host>*');
const shutIn = unsent(lost(silent, 'timeout', 'webapp>*', 'database>*'), 'webapp', 'database');

describeCause(targetUnresponsive, {
  recognises: {
    'an address that answers TCP and no ping, whoever asks': silent,
    'one that answers nothing, beside another that does': lost(
      silent,
      'timeout',
      '*google.com/tcp/443',
      '*8.8.8.8/tcp/443',
      '*internet/tcp/443',
    ),
    'the same from the host alone': unseen(silent, 'gateway'),
    'one whose silence shows at the gateway’s uplink, where others’ answers come in that are lost on the way back':
      wayBackCut,
    'one that is silent to the host, while nothing of the containers gets anywhere': shutIn,
    'one that answers the gateway, from the same address, by another protocol': gatewayAnswered('203.0.113.2'),
    'the same with the gateway out of sight': unseen(shutIn, 'gateway'),
  },
  cannotTell: {
    'the same where the captures slept': asleep(asleep(silent, 'host'), 'gateway'),
    'the same where nothing could be captured': change(silent, () => ({ captures: [] })),
  },
  leavesAlone: {
    'an address that answers the host': arriving(
      silent,
      'host>google.com/icmp',
      'host>internet/icmp',
      'host>8.8.8.8/icmp',
    ),
    'an internet of which nothing answers': recorded('uplink-down'),
    'a host that other targets answer by another way than the one it asked by in vain': arriving(
      recorded('uplink-down'),
      'host>8.8.8.8/icmp',
    ),
    'a gateway that does not translate: the host is answered': recorded('comment-gateway-does-not-nat'),
    'a gateway that passes on what is for all addresses but one': toUplink,
    'the same look, had it been answered': arriving(silent, '*'),
    'a network where everything arrives': recorded('article-second-attempt'),
    'containers and a host that nothing answers': lost(
      unanswered(silent, 'gateway'),
      'timeout',
      'webapp>*',
      'database>*',
      'host>*',
    ),
    'containers and a host that nothing answers, with the gateway out of sight': unseen(wayBackCut, 'gateway'),
    'a gateway that is answered itself, and leaves the LAN untranslated': gatewayAnswered('192.168.0.2'),
    'an address that answers one container, and not the other': arriving(silent, 'database>8.8.8.8/icmp'),
    'a host whose requests were seen nowhere, beside containers that nothing answers': unsent(shutIn, 'host'),
    'a port that is closed, and says so': lost(
      silent,
      'refused',
      'webapp>google.com/icmp',
      'database>8.8.8.8/icmp',
      '*internet/icmp',
    ),
    'what never left the host': withoutPackets(silent, 'host'),
    'what was not asked of the host': {
      ...silent,
      origin: 'synthetic',
      probes: silent.probes.filter(({ from }) => from !== 'host'),
    },
  },
});

describe('a target that does not answer, beside what else is wrong', () => {
  const explained = (situation: Situation) => diagnose(situation, [targetUnresponsive]).found[0]?.ruling.explains;

  it('explains what containers ask of it in vain, although another cause keeps their requests inside', () => {
    expect(explained(shutIn)).to.include.members([
      'webapp>google.com/icmp',
      'database>8.8.8.8/icmp',
      'host>google.com/icmp',
    ]);
  });

  it('explains nothing that is asked of it by another protocol', () => {
    expect(explained(wayBackCut)).to.include('host>google.com/icmp');
    expect(explained(wayBackCut)).to.not.include.members(['host>google.com/tcp/443']);
    expect(explained(wayBackCut)).to.not.include.members(['webapp>google.com/tcp/443']);
  });
});
