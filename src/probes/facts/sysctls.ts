import { defineFactProbe, isConfigured, type Reading } from './fact-probe.js';

const ROOT = '/proc/sys/net/';

/** A star stands for every interface. */
const PATHS = [
  'ipv4/ip_forward',
  'ipv4/conf/*/rp_filter',
  'ipv4/conf/*/proxy_arp',
  'ipv4/conf/*/accept_redirects',
  'ipv4/icmp_echo_ignore_all',
  'bridge/bridge-nf-call-iptables',
  'ipv6/conf/all/forwarding',
  'ipv6/conf/*/accept_ra',
  'ipv6/conf/*/disable_ipv6',
];

/** grep names each file beside its value, in one process; -s passes over what this kernel lacks, but not in its exit code. */
const READING: Reading = {
  name: 'sysctls',
  command: `grep -sH '' ${PATHS.map((path) => ROOT + path).join(' ')}`,
  when: 'during',
};

export const sysctls = defineFactProbe({
  id: 'sysctls',
  title: 'Sysctls of forwarding, reverse path filtering and addressing',
  establishes: 'sysctls',
  readings: [READING],
  wanted: isConfigured,
  parse(printed) {
    const { stdout, stderr, exitCode } = printed.outputOf(READING);
    if (stdout === '') throw new Error(stderr.trim() || `grep ended with exit code ${exitCode}`);
    return parseSysctls(stdout);
  },
});

/** Lines like `/proc/sys/net/ipv4/conf/enp0s3/rp_filter:0`. A dot in an interface's name is written `/`, as sysctl does. */
export function parseSysctls(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, path, value] = /^\/proc\/sys\/([^:]+):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const parts = path.split('/').map((part) => part.replaceAll('.', '/'));
    values[parts.join('.')] = value ?? '';
  }
  return values;
}
