import type { Counters, Link } from '../../src/evidence/facts.js';
import { change, withLink, type Situation } from './situation.js';

/** A bond as a situation may have it: by default active-backup with eth1 active, of which both legs are up. */
export interface BondLike {
  readonly mode?: string;
  readonly active?: string | undefined;
  /** What a leg is otherwise than in order. */
  readonly legs?: Readonly<Record<string, Partial<Link>>>;
  readonly packets?: NonNullable<Counters['legs']>;
}

const PERMANENT = { eth1: '66:1a:64:63:98:4f', eth2: '66:1a:64:63:98:50' } as const;

/** As if the host's parent enp0s3 were a bond of eth1 and eth2. */
export function onBond(situation: Situation, like: BondLike = {}): Situation {
  const { mode = 'active-backup', legs = {}, packets = bothCarry } = like;
  const active = 'active' in like ? like.active : 'eth1';
  const bonded = withLink(situation, 'host', { name: 'enp0s3', kind: 'bond', mode, bond: { activeLeg: active } });
  const leg = (name: keyof typeof PERMANENT, at: number): Link => ({
    ...{ index: 40 + at, name, adminUp: true, carrier: true, operState: 'UP', noArp: false, mtu: 1500 },
    ...{ mac: PERMANENT[name], kind: 'veth', mode: undefined, flag: undefined, vlan: undefined },
    ...{ controller: 'enp0s3', addresses: [] },
    leg: {
      state: active === undefined || active === name ? 'active' : 'backup',
      ...{ mii: 'up', failures: 0, permanentMac: PERMANENT[name] },
    },
    ...legs[name],
  });
  return change(bonded, ({ links, counters }) => ({
    links: { ...links, host: [...(links['host'] ?? []), leg('eth1', 0), leg('eth2', 1)] },
    counters: { ...counters, host: { ...(counters['host'] ?? { txDropped: {}, protocol: {} }), legs: packets } },
  }));
}

const bothCarry = { eth1: { received: 120, sent: 110 }, eth2: { received: 9, sent: 0 } };
