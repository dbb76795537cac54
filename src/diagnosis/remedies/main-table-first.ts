import type { Rule } from '../../evidence/facts.js';
import { embedded, sh } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';

/** Before the rules of VPN clients, such as Tailscale's from 5210 on, and with room on both sides. */
const EARLY = 2500;

/** A rule that decides before the main table, the link its table leads by, and what is to be looked up in main before it. */
export interface BeforeMain {
  readonly rule: Rule;
  readonly device: string;
  readonly lans: readonly string[];
}

/** No route in the main table is looked up before the rule: another rule has to be. */
export function mainTableFirst(node: string, { rule, device, lans }: BeforeMain): readonly Remedy[] {
  const { family } = rule;
  const priority = rule.priority > EARLY ? EARLY : Math.max(1, rule.priority - 1);
  return [
    {
      title: `Look up the main table first for ${lans.join(' and ')}. It does not survive a restart`,
      use: 'run',
      changes: lans.map((to) => ({
        kind: 'policy-rule',
        on: node,
        do: 'add',
        rule: { family, to, priority, table: 'main' },
      })),
    },
    byClient(node, { device, lans }),
  ];
}

function byClient(node: string, { device, lans }: Pick<BeforeMain, 'device' | 'lans'>): Remedy {
  return /^tailscale/.test(device)
    ? advice('For good: let the VPN client accept no routes of others', node, [sh`tailscale set --accept-routes=false`])
    : advice(
        "For good: use the VPN client's own switch for local networks, or shorten what it takes into the tunnel",
        node,
        [
          sh`# wg-quick: AllowedIPs in /etc/wireguard/${embedded`${device}`}.conf without ${lans}`,
          sh`# gluetun: FIREWALL_OUTBOUND_SUBNETS=${embedded`${lans.join(',')}`}`,
        ],
      );
}
