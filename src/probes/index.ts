import type { FactName } from '../evidence/facts.js';
import { FACT_PROBES } from './facts/fact-probes.js';
import { FLOW_PROBES } from './flows/flow-probes.js';

/** A probe as `list probes` shows it. */
export interface ProbeSummary {
  readonly id: string;
  readonly title: string;
  /** The fact it establishes; `probes` for one that asks whether a flow arrives. */
  readonly establishes: FactName | 'probes';
}

/** Every probe there is: first what asks whether flows arrive, then what establishes facts. */
export const PROBES: readonly ProbeSummary[] = [
  ...Object.values(FLOW_PROBES).map(({ id, title }): ProbeSummary => ({ id, title, establishes: 'probes' })),
  ...FACT_PROBES.map(({ id, title, establishes }): ProbeSummary => ({ id, title, establishes })),
  {
    id: 'address-holders',
    title: 'Which MAC addresses reply for the container’s and the gateway’s address, asked from the parent',
    establishes: 'addressHolders',
  },
  {
    id: 'captures',
    title: 'What left and entered an interface on the wire while the probes ran',
    establishes: 'captures',
  },
  {
    id: 'traces',
    title: 'Which rule of the host’s packet filter dropped a probe’s first packet, traced by nftables itself',
    establishes: 'traces',
  },
  {
    id: 'drops',
    title: 'Packets the host’s kernel dropped while the probes ran, with its own reasons (skb:kfree_skb)',
    establishes: 'drops',
  },
];
