import { vpnBypass } from '../../../../src/diagnosis/causes/host-route/vpn-bypass.js';
import { change, describeCause, lost, recorded, withLink, withRoute } from '../../situation.js';

const full = recorded('l3-vpn-full-tunnel');
const split = recorded('l3-vpn-split-tunnel');

describeCause(vpnBypass, {
  recognises: {
    'a tunnel with policy rules for its table': full,
    'a tunnel with two routes of half the internet each': withRoute(split, 'host', {
      destination: '0.0.0.0/1',
      device: 'tun0',
      via: '10.8.0.1',
    }),
    'a tunnel that holds the better default route': withRoute(
      withLink(split, 'host', { name: 'tun0', kind: 'wireguard' }),
      'host',
      { destination: '0.0.0.0/0', device: 'tun0', metric: -1 },
    ),
  },
  leavesAlone: {
    'a tunnel that carries only some subnets': split,
    'a second uplink that is no tunnel': recorded('l3-second-uplink-unused'),
    'a default route through another interface, with which the containers reach nothing': recorded(
      'comment-default-route-by-another-interface',
    ),
    'containers that reach nothing outside': lost(full, 'timeout', '*'),
    'a host whose policy rules use no other table': change(full, ({ rules }) => ({
      rules: { ...rules, host: (rules['host'] ?? []).filter(({ inverted }) => !inverted) },
    })),
  },
});
