import { duplicateIpOnSameParent } from '../../../../src/diagnosis/causes/address/duplicate-ip-on-same-parent.js';
import { withNewLink } from '../../readdress.js';
import { arriving, describeCause, lost, recorded, unseen, withLink } from '../../situation.js';

const bare = lost(withLink(recorded('l2-healthy'), 'webapp', { name: 'eth0', addresses: [] }), 'no-route', 'webapp>*');
const asked = lost(
  withLink(recorded('l2-healthy'), 'database', { name: 'eth0', addresses: [] }),
  'timeout',
  'webapp>database/icmp',
);
const shim = (kind: string) => withNewLink(bare, 'host', { name: 'shim7', kind, addresses: ['192.168.0.100/32'] });

describeCause(duplicateIpOnSameParent, {
  recognises: {
    'a shim on the host with the address of the container': shim('ipvlan'),
    'another container on the parent that has it too': withLink(bare, 'database', {
      name: 'eth0',
      addresses: ['192.168.0.101/24', '192.168.0.100/32'],
    }),
    'a container that only a sibling sends to': withNewLink(asked, 'host', {
      name: 'shim7',
      kind: 'ipvlan',
      addresses: ['192.168.0.101/32'],
    }),
  },
  leavesAlone: {
    'a sibling without its address, which no other link has': asked,
    'a container without its address, which no other link has': bare,
    'a bridge on the host with that address: it is on no parent': shim('bridge'),
    'a container whose links were not seen': unseen(shim('ipvlan'), 'webapp'),
    'a container that has its address and fails for another reason': withLink(shim('ipvlan'), 'webapp', {
      name: 'eth0',
      addresses: ['192.168.0.100/24'],
    }),
    'flows that arrive': arriving(shim('ipvlan'), '*'),
  },
});
