import { policyRuleBeforeMain } from '../../../../src/diagnosis/causes/host-route/policy-rule-before-main.js';
import { arriving, change, describeCause, recorded, type Situation } from '../../situation.js';
import { shimBehindVpnRule } from '../../vpn-rule.js';

const taken = recorded('l2-policy-rule-before-main');

/** As if the host had one policy rule more, before all others but the one for its own addresses. */
const exempting = (situation: Situation, to: string): Situation =>
  change(situation, ({ rules }) => {
    const [model, ...others] = rules['host'] ?? [];
    if (!model) throw new Error('no policy rule was recorded');
    const exempt = { ...model, family: 4 as const, priority: 2500, table: 'main', to };
    return { rules: { ...rules, host: [model, exempt, ...others] } };
  });

describeCause(policyRuleBeforeMain, {
  recognises: {
    'a VPN client that accepted the route to the LAN of its own host': taken,
    'the same, where no packet of it was captured': shimBehindVpnRule(),
  },
  leavesAlone: {
    'a rule before it that looks up the LAN in the main table': exempting(taken, '192.168.0.0/24'),
    'a host that reaches its LAN all the same': arriving(taken, '*'),
    'a tunnel for everything that leaves the LAN to the main table': recorded('l3-vpn-full-tunnel'),
    'a tunnel of half routes in the main table': recorded('l3-vpn-split-tunnel'),
    'a route of the main table that takes the containers': recorded('l3-host-route-overlaps'),
    'a rule that forbids instead of leading elsewhere': recorded('l3-policy-route-unreachable'),
  },
});
