import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

const TABLE = 'ip site_portal';
const PORT = 8081;
const PROGRAM = '/run/ipvlan-doctor-portal';
const NOTE = `${PROGRAM}.pid`;

/** What each replies in place of the target. */
const ANSWERS = {
  login: String.raw`HTTP/1.0 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n`,
  proxy: String.raw`HTTP/1.0 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n`,
};

export const captivePortalOrProxyRequired = defineFault({
  id: 'captive-portal-or-proxy-required',
  title: 'Let the gateway answer the web requests of the container subnets itself',
  needsDisposableHost: false,
  parameters: z.strictObject({
    subnet: z.string().optional().describe('Only this container subnet.'),
    wants: z.enum(['login', 'proxy']).default('login').describe('What it answers that it wants.'),
  }),
  commands: (plan, { subnet, wants }) => {
    const subnets = containerSubnets(plan, subnet);
    if (subnets.length === 0) return [];
    const answer = `while read -r line && [ "$line" != "$(printf '\\r')" ]; do :; done\nprintf '${ANSWERS[wants]}'`;
    const serve = `socat TCP4-LISTEN:${PORT},reuseaddr,fork EXEC:${PROGRAM}`;
    return [
      step(
        'gateway',
        `cat > ${PROGRAM} <<'END'\n#!/bin/sh\n${answer}\nEND\nchmod +x ${PROGRAM}; setsid ${serve} </dev/null >/dev/null 2>&1 & echo $! >${NOTE}; until ss -Hltn 'sport = :${PORT}' | grep -q .; do sleep 0.05; done`,
        `kill $(cat ${NOTE}); rm ${NOTE} ${PROGRAM}`,
      ),
      step(
        'gateway',
        `nft 'add table ${TABLE}; add chain ${TABLE} prerouting { type nat hook prerouting priority dstnat; }; add rule ${TABLE} prerouting iifname "lan0" ip saddr { ${subnets.join(', ')} } tcp dport 80 redirect to :${PORT}'`,
        `nft delete table ${TABLE}`,
      ),
    ];
  },
});
