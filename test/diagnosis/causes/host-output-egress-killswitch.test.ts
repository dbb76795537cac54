import { hostOutputEgressKillswitch } from '../../../src/diagnosis/causes/host-output-egress-killswitch.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, withoutPackets } from '../situation.js';

const guarded = recorded('comment-host-kill-switch');

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
  },
  leavesAlone: {
    'a filter that drops everything': recorded('l3-host-output-drop'),
    'a gateway that does not translate': recorded('comment-gateway-does-not-nat'),
    'a rule about one port, with the rest of the internet answering': arriving(
      guarded,
      'webapp>1.1.1.1*',
      'database>1.1.1.1*',
    ),
    'L2, which no hook of the host sees': change(guarded, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, mode: 'l2' })),
    })),
    'a LAN that is out of reach too': withoutPackets(
      lost(guarded, 'refused-locally', 'webapp>*', 'database>*'),
      'host',
    ),
  },
});
