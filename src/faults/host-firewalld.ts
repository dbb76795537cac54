import { z } from 'zod';
import { defineFault, step } from './fault.js';

/** What firewalld loads with its default zone, public: reply to what is known, let ssh, Docker's API and ping in, reject the rest. */
const TABLE = `table inet firewalld {
  chain filter_PREROUTING {
    type filter hook prerouting priority filter + 10; policy accept;
    icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
    meta nfproto ipv6 fib saddr . mark . iif oif missing drop
  }
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_INPUT_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    reject with icmpx admin-prohibited
  }
  chain filter_OUTPUT {
    type filter hook output priority filter + 10; policy accept;
    ct state { established, related } accept
    oifname "lo" accept
    jump filter_OUTPUT_POLICIES
  }
  chain filter_INPUT_ZONES { goto filter_IN_public; }
  chain filter_IN_public {
    jump filter_IN_public_deny
    jump filter_IN_public_allow
    meta l4proto { icmp, ipv6-icmp } accept
    reject with icmpx admin-prohibited
  }
  chain filter_IN_public_deny { }
  chain filter_IN_public_allow {
    tcp dport { 22, 2376 } accept
    ip6 daddr fe80::/64 udp dport 546 accept
  }
  chain filter_OUTPUT_POLICIES { }
}`;

export const hostFirewalld = defineFault({
  id: 'host-firewalld',
  title: 'Turn firewalld on with its default zone, and perhaps a policy that rejects what leaves',
  needsDisposableHost: true,
  parameters: z.strictObject({
    outgoing: z
      .enum(['allow', 'reject'])
      .optional()
      .describe('Whether a policy from HOST to ANY rejects what it does not know. Default: allow.'),
  }),
  commands: (_plan, { outgoing = 'allow' }) => [
    step('host', `nft -f - <<'END'\n${TABLE}\nEND`, 'nft delete table inet firewalld'),
    ...(outgoing === 'reject'
      ? [
          step(
            'host',
            "nft 'add chain inet firewalld filter_OUT_policy_egress; add rule inet firewalld filter_OUTPUT_POLICIES jump filter_OUT_policy_egress; add rule inet firewalld filter_OUT_policy_egress fib saddr type local accept; add rule inet firewalld filter_OUT_policy_egress reject with icmpx admin-prohibited'",
          ),
        ]
      : []),
  ],
});
