import { containerLocalFirewallOrRoutes } from '../../../../src/diagnosis/causes/container/container-local-firewall-or-routes.js';
import type { Rule } from '../../../../src/evidence/facts.js';
import {
  arriving,
  change,
  describeCause,
  lost,
  recorded,
  withFirewall,
  withRoute,
  type Situation,
} from '../../situation.js';

const healthy = recorded('article-second-attempt');
const outward = lost(healthy, 'timeout', 'webapp>google.com/icmp', 'webapp>internet/icmp');
const output = { chain: 'output', hook: 'output' };
const killed = (situation: Situation, text = 'ip daddr != { 10.0.0.0/8, 192.168.0.0/16 } counter drop') =>
  withFirewall(situation, 'webapp', { chains: [output], rules: [{ chain: 'output', text, verdict: 'drop' }] });
const rule = (more: Partial<Rule>): Rule => ({
  family: 4,
  priority: 100,
  from: undefined,
  to: undefined,
  inDevice: undefined,
  outDevice: undefined,
  mark: undefined,
  inverted: false,
  table: undefined,
  action: undefined,
  ...more,
});
const ruled = (more: Partial<Rule>): Situation =>
  change(outward, ({ rules }) => ({ rules: { ...rules, webapp: [rule(more), ...(rules['webapp'] ?? [])] } }));
const blackhole = (table: string) =>
  withRoute(ruled({ table: '51820', mark: '0xca6c', inverted: true }), 'webapp', {
    destination: '0.0.0.0/0',
    type: 'blackhole',
    table,
  });
const inward = lost(healthy, 'timeout', 'webapp>database/tcp/3306');
const input = (node: string) =>
  withFirewall(inward, node, { chains: [{ chain: 'input', hook: 'input', policy: 'drop' }] });

describeCause(containerLocalFirewallOrRoutes, {
  recognises: {
    'a kill-switch that lets only private addresses out': killed(outward),
    'an OUTPUT policy of drop': withFirewall(outward, 'webapp', { chains: [{ ...output, policy: 'drop' }] }),
    'an INPUT policy of drop in the target container': input('database'),
    'a rule that prohibits': ruled({ action: 'prohibit' }),
    'a blackhole in the table of a VPN': blackhole('51820'),
  },
  leavesAlone: {
    'a rule about other addresses': killed(outward, 'ip daddr 172.16.0.0/12 counter drop'),
    'the same rules on the host': withFirewall(outward, 'host', {
      chains: [output],
      rules: [{ chain: 'output', text: 'ip daddr 8.8.8.8 drop', verdict: 'drop' }],
    }),
    'an INPUT policy of drop in the sending container that accepts replies': withFirewall(inward, 'webapp', {
      chains: [{ chain: 'input', hook: 'input', policy: 'drop' }],
      rules: [{ chain: 'input', text: 'ct state established,related accept', verdict: 'accept' }],
    }),
    'a blackhole in a table that no rule looks up': blackhole('77'),
    'a rule for another source': ruled({ action: 'prohibit', from: '10.9.9.9' }),
    'a container whose network gives it no default route': recorded('l2-no-gateway'),
    'a container that arrives': arriving(killed(healthy), '*'),
  },
});
