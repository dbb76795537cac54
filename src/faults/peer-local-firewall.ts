import { z } from 'zod';
import { familyOf } from '../ip.js';
import { defineFault, step } from './fault.js';

const TABLE = 'ip personal_firewall';

export const peerLocalFirewall = defineFault({
  id: 'peer-local-firewall',
  title: 'Let a machine on the LAN accept new connections only from its own subnet, as Windows does',
  needsDisposableHost: false,
  parameters: z.strictObject({ peer: z.string().optional().describe('Which machine. Default: the first peer.') }),
  commands: ({ site }, { peer = site.peers[0]?.name }) => {
    const own = site.lan.filter((subnet) => familyOf(subnet) === 4);
    if (peer === undefined) return [];
    const chain = `add table ${TABLE}; add chain ${TABLE} input { type filter hook input priority 0; }`;
    const rules = [
      'ct state established,related accept',
      `ip saddr != { 127.0.0.0/8, ${own.join(', ')} } counter drop`,
    ].map((rule) => `add rule ${TABLE} input ${rule}`);
    return [step(peer, `nft '${[chain, ...rules].join('; ')}'`, `nft delete table ${TABLE}`)];
  },
});
