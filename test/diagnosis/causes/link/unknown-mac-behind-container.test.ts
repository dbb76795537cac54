import { unknownMacBehindContainer } from '../../../../src/diagnosis/causes/link/unknown-mac-behind-container.js';
import { arriving, describeCause, recorded, unseen, withLink, type Situation } from '../../situation.js';

const bridged = recorded('macvlan-bridge-inside');
const macOf = ({ facts }: Situation, name: string) => facts.links?.['webapp']?.find((link) => link.name === name)?.mac;

describeCause(unknownMacBehindContainer, {
  recognises: {
    'a bridge with a MAC address of its own above the macvlan link': bridged,
    'the same as the host sees it': unseen(unseen(bridged, 'gateway'), 'laptop'),
  },
  leavesAlone: {
    'a bridge with the MAC address of the macvlan link': withLink(bridged, 'webapp', {
      name: 'br0',
      mac: macOf(bridged, 'eth0'),
    }),
    'a bridge that the macvlan link is no port of': withLink(bridged, 'webapp', {
      name: 'eth0',
      controller: undefined,
    }),
    'a macvlan link in mode passthru': withLink(bridged, 'webapp', { name: 'eth0', mode: 'passthru' }),
    'a container whose packets arrive': arriving(bridged, '*webapp*'),
    'links that were not seen': unseen(bridged, 'webapp'),
    'a LAN that drops frames of other MAC addresses': recorded('macvlan-switch-port-security'),
    'a network where everything arrives': recorded('macvlan-healthy'),
  },
});
