import { hostOutputEgressKillswitch } from '../../../../src/diagnosis/causes/host-filter/host-output-egress-killswitch.js';
import { dropping } from '../../filtered-link.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, withoutPackets } from '../../situation.js';

const guarded = recorded('comment-host-kill-switch');

/** As if a filter on the parent took what leaves for the LAN, below the hook, where traces show it passing. */
const cutBelow = change(
  withoutPackets(
    lost(guarded, 'timeout', '*>gateway/*', '*>laptop/*', 'laptop>*', 'gateway>webapp/*', 'gateway>database/*'),
    'host',
    ({ content, direction }) =>
      direction === 'out' && 'destination' in content && content.destination.startsWith('192.168.0.'),
  ),
  () => ({ linkFilters: { host: [{ ...dropping('192.168.0.0/24', 'c0a80000/ffffff00'), way: 'egress' as const }] } }),
);

describeCause(hostOutputEgressKillswitch, {
  recognises: {
    'a filter that lets the LAN through and nothing else': guarded,
    'the same with a resolver on the LAN that still looks names up': arriving(
      alsoAsked(guarded, 'webapp>1.1.1.1/icmp', {
        id: 'webapp>google.com/dns',
        over: { protocol: 'dns' },
        to: { label: 'google.com', node: 'internet', name: 'google.com', address: '8.8.8.8' },
      }),
      'webapp>google.com/dns',
    ),
    'the same where a filter on the parent drops what the hook accepts to the LAN': cutBelow,
  },
  leavesAlone: {
    'a filter that drops everything': recorded('l3-host-output-drop'),
    'a router that does not translate': recorded('comment-gateway-does-not-nat'),
    'a rule about one port, with the rest of the internet reachable': arriving(
      guarded,
      'webapp>1.1.1.1*',
      'database>1.1.1.1*',
    ),
    'L2, whose packets traverse no hook of the host': change(guarded, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, mode: 'l2' })),
    })),
    'a LAN that is unreachable too': withoutPackets(lost(guarded, 'refused-locally', 'webapp>*', 'database>*'), 'host'),
  },
});
