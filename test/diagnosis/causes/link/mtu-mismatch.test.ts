import { mtuMismatch } from '../../../../src/diagnosis/causes/link/mtu-mismatch.js';
import { arriving, broken, describeCause, lost, recorded, unseen, withLink } from '../../situation.js';

const narrow = recorded('l3-mtu-mismatch');
const wide = withLink(narrow, 'gateway', { name: 'lan0', mtu: 1500 });

describeCause(mtuMismatch, {
  recognises: {
    'a gateway’s link that carries less than the others on its segment': narrow,
    'a parent that does': withLink(wide, 'host', { name: 'enp0s3', mtu: 1400 }),
    'a container’s own link that was set lower': withLink(wide, 'webapp', { name: 'eth0', mtu: 1280 }),
    'an uplink that does, and whose router is not heard': withLink(wide, 'gateway', { name: 'wan0', mtu: 1492 }),
    'something on the way that nobody could look into': unseen(narrow, 'gateway'),
    'a switch between links that all carry more': wide,
  },
  leavesAlone: {
    'big packets that arrive by links that look narrow': arriving(narrow, '*/mtu/*'),
    'a target that small packets do not reach either': lost(narrow, 'timeout', 'webapp>*', 'database>*'),
    'a network where nothing big was sent': recorded('article-second-attempt'),
    'a narrow link, and nothing that was lost': withLink(recorded('article-second-attempt'), 'gateway', {
      name: 'lan0',
      mtu: 1400,
    }),
    'big packets of the host’s own only': arriving(narrow, 'webapp>*', 'database>*'),
    'what could not be asked': broken(narrow, '*/mtu/1500'),
  },
});
