import type { Link } from '../../evidence/facts.js';
import { routerOsName, type RouterOsItem } from './routeros-items.js';
import { isActive, type Menus } from './routeros-menus.js';

/** The interfaces of RouterOS with their addresses. */
export function routerOsLinks({ items, others }: Menus): readonly Link[] {
  const vlans = byName(others('vlan'), 'name');
  const ports = byName(others('bridge-port'), 'interface');
  const addresses = [...items('ip-address'), ...others('ipv6-address')].filter(isActive);
  return items('interface').map(({ flags, values }, index): Link => {
    const name = routerOsName(values['name'] ?? '');
    const vlan = vlans.get(name);
    const controller = ports.get(name)?.['bridge'];
    const running = flags.includes('R');
    return {
      ...{
        index: index + 1,
        name,
        adminUp: !flags.includes('X'),
        carrier: running,
        operState: running ? 'UP' : 'DOWN',
      },
      ...{ noArp: false, mtu: Number(values['actual-mtu'] ?? values['mtu'] ?? 1500) },
      mac: values['mac-address']?.toLowerCase(),
      kind: vlan ? 'vlan' : values['type'] === 'bridge' ? 'bridge' : undefined,
      ...{ mode: undefined, flag: undefined, vlan: vlan ? Number(vlan['vlan-id']) : undefined },
      ...(vlan?.['interface'] === undefined ? {} : { lower: routerOsName(vlan['interface']) }),
      controller: controller === undefined ? undefined : routerOsName(controller),
      addresses: addresses
        .filter((one) => routerOsName(one.values['actual-interface'] ?? one.values['interface'] ?? '') === name)
        .flatMap((one) => one.values['address'] ?? []),
    };
  });
}

function byName(items: readonly RouterOsItem[], key: string): ReadonlyMap<string, RouterOsItem['values']> {
  return new Map(items.map(({ values }) => [routerOsName(values[key] ?? ''), values]));
}
