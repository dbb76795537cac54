import type { Link, Neighbour, Route } from '../../evidence/facts.js';
import { familyOf, isAddress } from '../../ip.js';

type Row = Readonly<Record<string, string>>;

/** Tables of PowerShell as CSV. Fields are quoted, and none of those we ask for holds a quote. */
function rowsIn(csv: string): readonly Row[] {
  const [head = '', ...lines] = csv.split('\n').filter((line) => line.startsWith('"'));
  const fields = (line: string) => [...line.matchAll(/"([^"]*)"|(?<=^|,)(?=,|$)/g)].map(([, field = '']) => field);
  const names = fields(head);
  return lines.map((line) => Object.fromEntries(fields(line).map((field, at) => [names[at] ?? '', field])));
}

const name = (row: Row, key = 'InterfaceAlias') => (row[key] ?? '').trim().replaceAll(/\s+/g, '_');

/** `Get-NetAdapter` with the addresses of `Get-NetIPAddress`. */
export function windowsLinks(adapters: string, addresses: string): readonly Link[] {
  const own = rowsIn(addresses);
  return rowsIn(adapters).map((row): Link => {
    const up = row['Status'] === 'Up';
    const link = name(row, 'Name');
    return {
      ...{ index: Number(row['ifIndex'] ?? 0), name: link, adminUp: row['Status'] !== 'Disabled', carrier: up },
      ...{ operState: up ? 'UP' : 'DOWN', noArp: false, mtu: Number(row['MtuSize']) || 1500 },
      mac: row['MacAddress']?.replaceAll('-', ':').toLowerCase(),
      ...{ kind: undefined, mode: undefined, flag: undefined, vlan: undefined, controller: undefined },
      addresses: own.filter((one) => name(one) === link).flatMap((one) => addressOf(one) ?? []),
    };
  });
}

function addressOf({ IPAddress = '', PrefixLength }: Row): string | undefined {
  const address = IPAddress.replace(/%.*/, '');
  return isAddress(address) && PrefixLength ? `${address}/${PrefixLength}` : undefined;
}

/** `Get-NetRoute`: a next hop of all zeros is on-link. */
export function windowsRoutes(csv: string): readonly Route[] {
  return rowsIn(csv).flatMap((row): readonly Route[] => {
    const destination = row['DestinationPrefix'] ?? '';
    const family = familyOf(destination);
    if (family === undefined) return [];
    const via = row['NextHop'] ?? '';
    return [
      {
        ...{ family, table: 'main', type: 'unicast', destination, device: name(row) },
        via: /^(?:0\.0\.0\.0|::)$/.test(via) || !isAddress(via) ? undefined : via,
        ...{ metric: Number(row['RouteMetric'] ?? 0), scope: undefined, source: undefined, flags: [] },
      },
    ];
  });
}

/** `Get-NetNeighbor`; addresses of groups are no neighbours. */
export function windowsNeighbours(csv: string): readonly Neighbour[] {
  return rowsIn(csv).flatMap((row): readonly Neighbour[] => {
    const address = (row['IPAddress'] ?? '').replace(/%.*/, '');
    const mac = (row['LinkLayerAddress'] ?? '').replaceAll('-', ':').toLowerCase();
    if (!isAddress(address) || /^(?:2[2-5]\d\.|ff)/.test(address)) return [];
    const known = /^[\da-f]{2}(?::[\da-f]{2}){5}$/.test(mac) && mac !== '00:00:00:00:00:00';
    const state = (row['State'] ?? '').toUpperCase();
    return [{ address, device: name(row), mac: known ? mac : undefined, state: known ? state : 'INCOMPLETE' }];
  });
}
