import { noGatewayConfigured } from '../../../../src/diagnosis/causes/container/no-gateway-configured.js';
import { arriving, change, describeCause, recorded, withRoute } from '../../situation.js';

const routeless = recorded('l2-no-gateway');

describeCause(noGatewayConfigured, {
  recognises: {
    'a container without a default route': routeless,
    'a default route that forbids': withRoute(routeless, 'webapp', { destination: '0.0.0.0/0', type: 'unreachable' }),
  },
  leavesAlone: {
    'a default route in two halves': withRoute(
      withRoute(routeless, 'webapp', { destination: '0.0.0.0/1', via: '192.168.0.1', device: 'eth0' }),
      'webapp',
      { destination: '128.0.0.0/1', via: '192.168.0.1', device: 'eth0' },
    ),
    'an internal network, which has none by design': change(routeless, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, internal: true })),
    })),
    'a default route to the wrong gateway': recorded('l2-wrong-gateway'),
    'containers whose flows arrive': arriving(routeless, '*'),
  },
});
