import { DoctorError } from '../../errors.js';
import { quote } from '../../shell.js';
import { heading, shellLine } from '../gateway/sections.js';

/** What a LAN client runs. */
export type ClientFamily = 'linux' | 'macos' | 'windows';

/** What a client is to ask for. */
export interface ClientTarget {
  /** The container's address. */
  readonly address: string;
  /** A TCP port of it; absent: none is asked. */
  readonly port: number | undefined;
}

export const CLIENT_FAMILIES: readonly ClientFamily[] = ['linux', 'macos', 'windows'];

/** How often each address is pinged. */
export const CLIENT_PINGS = 3;

/**
 * What the user pastes on a LAN client: it asks for the container and for the client's router, and prints how the client is set up.
 *
 * @throws DoctorError `USAGE` naming the families there are
 */
export function clientCommand(family: string, target: ClientTarget): string {
  switch (family) {
    case 'linux':
      return `${asked(target)}; ${shellLine({ ...posix(target), ...LINUX })}`;
    case 'macos':
      return `${asked(target)}; ${shellLine({ ...posix(target), ...MACOS })}`;
    case 'windows':
      return windows(target);
    default:
      throw new DoctorError('USAGE', `There is no command for a client that runs "${family}".`, {
        hint: `It runs one of: ${CLIENT_FAMILIES.join(', ')}.`,
      });
  }
}

function asked({ address }: ClientTarget): string {
  return `C=${quote(address)}`;
}

/** Those of every POSIX shell. They end well: a ping without a reply is a result too. */
function posix({ port }: ClientTarget): Readonly<Record<string, string>> {
  return { target: `echo "$C ${port ?? ''}"`, ...(port === undefined ? {} : { tcp: connection(port) }) };
}

/** Bash opens connections by itself; macOS has no `timeout` for it, and some systems have an `nc` that cannot only connect. */
function connection(port: number): string {
  const told = '2>&1 && echo connected || echo "not connected"';
  return [
    `if command -v bash >/dev/null && command -v timeout >/dev/null; then LC_ALL=C timeout 3 bash -c "exec 3<>/dev/tcp/$C/${port}" ${told}`,
    `elif command -v nc >/dev/null; then ${NC_BY_SYSTEM}; LC_ALL=C nc -zv $W -w 3 "$C" ${port} ${told}`,
    'else echo "not asked"; fi',
  ].join('; ');
}

/** The time to connect is `-G` on macOS, and `-w` elsewhere. */
const NC_BY_SYSTEM = 'W=; [ "$(uname)" = Darwin ] && W="-G 3"';

const ROUTER_LINUX = `R=$(ip route show default | sed -n "s/.* via \\([^ ]*\\).*/\\1/p" | head -n 1)`;

const LINUX = {
  system: 'uname -sr',
  'ping-container': `ping -n -c ${CLIENT_PINGS} -W 2 "$C" 2>&1; true`,
  'ping-router': `${ROUTER_LINUX}; echo "to $R"; ping -n -c ${CLIENT_PINGS} -W 2 "$R" 2>&1; true`,
  trace: 'traceroute -n -w 1 -q 1 -m 8 "$C" || tracepath -n -m 8 "$C"; true',
  links: 'ip -j -d addr show || ip -d addr show || ip addr show',
  routes: 'ip -j route show table all || ip route show table all',
  rules: 'ip -j rule show || ip rule show',
  neighbours: 'ip -j neigh show || ip neigh show',
} as const;

const MACOS = {
  system: 'uname -sr; sw_vers',
  'ping-container': `ping -n -c ${CLIENT_PINGS} -W 2000 "$C" 2>&1; true`,
  'ping-router': `R=$(route -n get default | awk "/gateway/ { print \\$2 }"); echo "to $R"; ping -n -c ${CLIENT_PINGS} -W 2000 "$R" 2>&1; true`,
  trace: 'traceroute -n -w 1 -q 1 -m 8 "$C"; true',
  ifconfig: 'ifconfig',
  netstat: 'netstat -rn -f inet',
  arp: 'arp -an',
} as const;

const CSV = 'ConvertTo-Csv -NoTypeInformation';

/** PowerShell: its tables are CSV, so that no word of them depends on the language of Windows. */
function windows({ address, port }: ClientTarget): string {
  const parts: Readonly<Record<string, string>> = {
    target: `"$C ${port ?? ''}"`,
    system: '[Environment]::OSVersion.VersionString',
    'ping-container': `ping -n ${CLIENT_PINGS} -w 2000 $C`,
    'ping-router': `$R=(Get-NetRoute -DestinationPrefix 0.0.0.0/0 | Sort-Object RouteMetric | Select-Object -First 1).NextHop; "to $R"; ping -n ${CLIENT_PINGS} -w 2000 $R`,
    ...(port === undefined
      ? {}
      : {
          tcp: `$t=New-Object Net.Sockets.TcpClient; try { if ($t.ConnectAsync($C,${port}).Wait(3000)) { 'connected' } else { 'not connected' } } catch { "$($_.Exception.GetBaseException().SocketErrorCode)"; 'not connected' }`,
        }),
    trace: 'tracert -d -h 8 -w 1000 $C',
    adapters: `Get-NetAdapter | Select-Object Name,ifIndex,MacAddress,Status,MtuSize,VlanID | ${CSV}`,
    addresses: `Get-NetIPAddress | Select-Object InterfaceAlias,IPAddress,PrefixLength | ${CSV}`,
    'net-routes': `Get-NetRoute | Select-Object DestinationPrefix,NextHop,InterfaceAlias,RouteMetric | ${CSV}`,
    'net-neighbours': `Get-NetNeighbor | Select-Object IPAddress,LinkLayerAddress,InterfaceAlias,State | ${CSV}`,
    profile: `Get-NetConnectionProfile | Select-Object InterfaceAlias,NetworkCategory | ${CSV}; Get-NetFirewallProfile | Select-Object Name,Enabled,DefaultInboundAction | ${CSV}`,
  };
  return [
    `$C='${address.replaceAll("'", "''")}'`,
    ...Object.entries(parts).map(([name, command]) => `"${heading(name)}"; ${command}`),
    `"${heading('end')}"`,
  ].join('\n');
}
