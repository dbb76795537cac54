import { mtuMismatch } from '../../../../src/diagnosis/causes/link/mtu-mismatch.js';
import { arriving, broken, describeCause, lost, recorded, unseen, withLink } from '../../situation.js';

const narrow = recorded('l3-mtu-mismatch');
const wide = withLink(narrow, 'gateway', { name: 'lan0', mtu: 1500 });

describeCause(mtuMismatch, {
  recognises: {
    'a gateway’s link that carries less than the others on its segment': narrow,
    'a parent that carries less': withLink(wide, 'host', { name: 'enp0s3', mtu: 1400 }),
    'a container’s own link that was set lower': withLink(wide, 'webapp', { name: 'eth0', mtu: 1280 }),
    'an uplink that carries less, behind a router whose ICMP errors are lost': withLink(wide, 'gateway', {
      name: 'wan0',
      mtu: 1492,
    }),
    'a link on the path that was not looked at': unseen(narrow, 'gateway'),
    'a switch between links that all carry more': wide,
  },
  leavesAlone: {
    'large packets that arrive through links that look narrow': arriving(narrow, '*/mtu/*'),
    'a target that small packets do not reach either': lost(narrow, 'timeout', 'webapp>*', 'database>*'),
    'a network where no large packet was sent': recorded('article-second-attempt'),
    'a narrow link, and no lost packet': withLink(recorded('article-second-attempt'), 'gateway', {
      name: 'lan0',
      mtu: 1400,
    }),
    'large packets of the host’s own only': arriving(narrow, 'webapp>*', 'database>*'),
    'a probe that could not run': broken(narrow, '*/mtu/1500'),
  },
});
