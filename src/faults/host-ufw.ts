import { z } from 'zod';
import { defineFault, step } from './fault.js';

/** Chains ufw hooks into the built-in ones, in its order; `%` is the name of the built-in chain in lower case. */
const HOOKED = [
  'ufw-before-logging-%',
  'ufw-before-%',
  'ufw-after-%',
  'ufw-after-logging-%',
  'ufw-reject-%',
  'ufw-track-%',
];

/** The built-in chains that see what the host itself sends and receives. FORWARD keeps what Docker gave it. */
const SIDES = ['input', 'output'] as const;

const OTHER_CHAINS = [
  'ufw-logging-deny',
  'ufw-not-local',
  'ufw-skip-to-policy-input',
  'ufw-user-input',
  'ufw-user-output',
];

const CHAINS = [...SIDES.flatMap((side) => HOOKED.map((chain) => chain.replace('%', side))), ...OTHER_CHAINS] as const;

/** What ufw's own before.rules, user.rules and after.rules put into them, logging included. */
const RULES = [
  'ufw-before-input -i lo -j ACCEPT',
  'ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny',
  'ufw-before-input -m conntrack --ctstate INVALID -j DROP',
  ...['destination-unreachable', 'time-exceeded', 'parameter-problem', 'echo-request'].map(
    (type) => `ufw-before-input -p icmp --icmp-type ${type} -j ACCEPT`,
  ),
  'ufw-before-input -p udp --sport 67 --dport 68 -j ACCEPT',
  'ufw-before-input -j ufw-not-local',
  'ufw-before-input -d 224.0.0.251 -p udp --dport 5353 -j ACCEPT',
  'ufw-before-input -d 239.255.255.250 -p udp --dport 1900 -j ACCEPT',
  'ufw-before-input -j ufw-user-input',
  'ufw-before-output -o lo -j ACCEPT',
  'ufw-before-output -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'ufw-before-output -j ufw-user-output',
  ...['LOCAL', 'MULTICAST', 'BROADCAST'].map((type) => `ufw-not-local -m addrtype --dst-type ${type} -j RETURN`),
  'ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny',
  'ufw-not-local -j DROP',
  'ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN',
  'ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "',
  ...['137', '138'].map((port) => `ufw-after-input -p udp --dport ${port} -j ufw-skip-to-policy-input`),
  ...['139', '445'].map((port) => `ufw-after-input -p tcp --dport ${port} -j ufw-skip-to-policy-input`),
  'ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input',
  'ufw-skip-to-policy-input -j DROP',
  // The ports the administrator connects to: ssh, and Docker's API with TLS.
  ...['22', '2376'].map((port) => `ufw-user-input -p tcp --dport ${port} -j ACCEPT`),
];

const TRACKED = ['tcp', 'udp'].map(
  (protocol) => `ufw-track-output -p ${protocol} -m conntrack --ctstate NEW -j ACCEPT`,
);

export const hostUfw = defineFault({
  id: 'host-ufw',
  title: 'Turn ufw on: deny incoming, and allow outgoing or not',
  needsDisposableHost: true,
  parameters: z.strictObject({
    outgoing: z.enum(['allow', 'deny']).optional().describe("ufw's default for outgoing traffic. Default: allow."),
  }),
  commands: (_plan, { outgoing = 'allow' }) => {
    const on = [
      '*filter',
      ':INPUT DROP [0:0]',
      ...(outgoing === 'deny' ? [':OUTPUT DROP [0:0]'] : []),
      ...CHAINS.map((chain) => `:${chain} - [0:0]`),
      ...[...hooks('-A'), ...RULES.map((rule) => `-A ${rule}`)],
      ...(outgoing === 'allow' ? TRACKED.map((rule) => `-A ${rule}`) : []),
      'COMMIT',
    ];
    const off = [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ...hooks('-D'),
      ...CHAINS.map((chain) => `-F ${chain}`),
      ...CHAINS.map((chain) => `-X ${chain}`),
      'COMMIT',
    ];
    return [step('host', restore(on), restore(off))];
  },
});

function hooks(how: '-A' | '-D'): readonly string[] {
  return SIDES.flatMap((side) => HOOKED.map((chain) => `${how} ${side.toUpperCase()} -j ${chain.replace('%', side)}`));
}

function restore(lines: readonly string[]): string {
  return `iptables-restore --noflush <<'END'\n${lines.join('\n')}\nEND`;
}
