import type { LegCounters } from '../../evidence/facts.js';
import type { Observed } from '../cause.js';

/** A leg of a bond that sends and receives nothing, while another leg receives. */
export interface DeadLeg {
  readonly parent: string;
  readonly bond: string;
  readonly mode: string;
  readonly leg: string;
  readonly packets: LegCounters;
  /** Whether all that the bond sends leaves by it. */
  readonly only: boolean;
  readonly others: readonly (LegCounters & { readonly name: string })[];
}

/** Fewer packets may be a bond's own. */
const ENOUGH = 5;

/** In these modes a leg that is not the active one may send, and is sent nothing. */
const RECEIVES_BY_ACTIVE_LEG = new Set(['active-backup', 'balance-tlb', 'balance-alb']);

/** The legs of parents that carry nothing, although their links are up. */
export function deadLegs({
  network: { names, links },
  observed,
}: Pick<Observed, 'network' | 'observed'>): readonly DeadLeg[] {
  const host = names.hostName;
  const counted = observed.counters(host)?.legs ?? {};
  return names.parents.flatMap((parent) => {
    const made = links.madeOf(host, parent);
    if (made?.controller.kind !== 'bond') return [];
    const { controller, legs } = made;
    const { mode = '', bond } = controller;
    const all = legs.flatMap(({ name }) => (counted[name] ? [{ name, ...counted[name] }] : []));
    return all.flatMap(({ name, received, sent }) => {
      const active = bond?.activeLeg === name;
      const others = all.filter((other) => other.name !== name);
      const isDead = links.state(host, name) === 'up' && sent >= ENOUGH && received === 0;
      if (!isDead || !others.some((other) => other.received > 0)) return [];
      if (RECEIVES_BY_ACTIVE_LEG.has(mode) && !active) return [];
      const only = mode === 'active-backup';
      return [{ parent, bond: controller.name, mode, leg: name, packets: { received, sent }, only, others }];
    });
  });
}
