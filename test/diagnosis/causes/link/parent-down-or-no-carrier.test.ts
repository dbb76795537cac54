import { parentDownOrNoCarrier } from '../../../../src/diagnosis/causes/link/parent-down-or-no-carrier.js';
import { arriving, describeCause, lost, recorded, refusing, withLink } from '../../situation.js';

const down = recorded('parent-down');
const healthy = recorded('article-second-attempt');

describeCause(parentDownOrNoCarrier, {
  recognises: {
    'a parent that was set down': down,
    'a parent without a carrier': lost(
      withLink(healthy, 'host', { name: 'enp0s3', carrier: false, operState: 'DOWN' }),
      'timeout',
      '*',
    ),
    'a parent whose lower layer is down': lost(
      withLink(healthy, 'host', { name: 'enp0s3', operState: 'LOWERLAYERDOWN' }),
      'timeout',
      '*',
    ),
    'a VLAN parent that could not be created because the link below it is down': refusing(healthy, {
      step: 'create-network',
      message: 'failed to enable enp0s3.30 the ipvlan parent link network is down',
      asked: { parent: 'enp0s3.30' },
    }),
  },
  leavesAlone: {
    'a dummy or tunnel, whose state is UNKNOWN while it is up': lost(
      withLink(healthy, 'host', { name: 'enp0s3', operState: 'UNKNOWN' }),
      'timeout',
      '*',
    ),
    'another link that is down': lost(
      withLink(healthy, 'host', { name: 'docker0', adminUp: false, carrier: false, operState: 'DOWN' }),
      'timeout',
      'webapp>google*',
    ),
    'a parent that went down and came back before a check failed': arriving(down, '*'),
  },
});
