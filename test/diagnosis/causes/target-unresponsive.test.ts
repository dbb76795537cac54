import { targetUnresponsive } from '../../../src/diagnosis/causes/target-unresponsive.js';
import { arriving, asleep, describeCause, lost, recorded, unseen, withoutPackets } from '../situation.js';

const silent = recorded('l3-target-unresponsive');
const toUplink = withoutPackets(
  silent,
  'gateway',
  ({ direction, content }) => direction === 'out' && content.kind === 'icmp' && content.source.startsWith('203.'),
);

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
    'the same where the captures slept: only less certain': asleep(asleep(silent, 'host'), 'gateway'),
  },
  leavesAlone: {
    'an address that answers the host': arriving(
      silent,
      'host>google.com/icmp',
      'host>internet/icmp',
      'host>8.8.8.8/icmp',
    ),
    'an internet of which nothing answers': recorded('uplink-down'),
    'a gateway that does not translate: the host is answered': recorded('comment-gateway-does-not-nat'),
    'a gateway that passes on what is for all addresses but one': toUplink,
    'the same look, had it been answered': arriving(silent, '*'),
    'a network where everything arrives': recorded('article-second-attempt'),
    'a container that nothing answers': lost(silent, 'timeout', 'webapp>*', 'database>*'),
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
