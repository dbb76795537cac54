import type { Route, Rule } from '../../evidence/facts.js';
import { sh } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';

/** Before the rules of VPN clients, such as Tailscale's from 5210 on, and with room on both sides. */
const EARLY = 2500;

/** No route in the main table is looked up before the rule: another rule has to be. */
export function mainTableFirst(
  host: string,
  { route, rule, lan }: { readonly route: Route; readonly rule: Rule; readonly lan: string },
): readonly Remedy[] {
  const priority = rule.priority > EARLY ? EARLY : Math.max(1, rule.priority - 1);
  return [
    {
      title: `Look up the main table first for ${lan}. It does not survive a restart`,
      use: 'run',
      changes: [
        {
          kind: 'policy-rule',
          on: host,
          do: 'add',
          rule: { family: rule.family, to: lan, priority, table: 'main' },
        },
      ],
    },
    ...(/^tailscale/.test(route.device ?? '')
      ? [
          advice('For good: let the VPN client accept no routes of others', host, [
            sh`tailscale set --accept-routes=false`,
          ]),
        ]
      : []),
  ];
}
