import type { Link, Rule } from '../../src/evidence/facts.js';
import { alsoAsked, change, lost, recorded, withRoute, type Situation } from './situation.js';

/** A host whose shim is right, and whose VPN client accepted the route to the LAN it stands on, by a policy rule. */
export function shimBehindVpnRule(): Situation {
  const to = { label: 'host', node: 'host', name: undefined, address: '192.168.0.2' };
  const asked = alsoAsked(recorded('l2-host-to-own-container'), 'host>laptop/icmp', {
    id: 'laptop>host/icmp',
    from: 'laptop',
    to,
  });
  const isolated = lost(asked, 'timeout', 'laptop>host/icmp', 'host>laptop/icmp', 'host>gateway/icmp');
  const linked = change(isolated, ({ links, rules }) => ({
    links: {
      ...links,
      host: (links['host'] ?? []).flatMap((link) => (link.name === 'enp0s3' ? beside(link) : [link])),
    },
    rules: { ...rules, host: [...(rules['host'] ?? []), vpnRule(rules['host'] ?? [])] },
  }));
  const shimmed = withRoute(linked, 'host', { destination: '192.168.0.100/32', device: 'mgmt' });
  return withRoute(shimmed, 'host', { destination: '192.168.0.0/24', device: 'office0', table: '52' });
}

function beside(parent: Link): readonly Link[] {
  return [
    parent,
    { ...parent, name: 'mgmt', kind: 'ipvlan', mode: 'l2', addresses: ['192.168.0.250/32'] },
    { ...parent, name: 'office0', kind: 'tun', addresses: ['100.64.0.7/32'] },
  ];
}

function vpnRule(rules: readonly Rule[]): Rule {
  const [model] = rules;
  if (!model) throw new Error('no policy rule was recorded');
  return {
    ...model,
    ...{ family: 4, priority: 5270, table: '52', from: undefined, to: undefined, action: undefined, inverted: false },
  };
}
