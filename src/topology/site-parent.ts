import type { BondMode } from '../scenario/parent.js';
import type { SitePlan } from '../scenario/plan.js';

/** Commands, as arguments of `ip`, that make the host's interface of its legs; none for a plain link. */
export function parentCommands({ host }: SitePlan): readonly string[] {
  const { parent, interface: name } = host;
  switch (parent?.kind) {
    case undefined:
      return [];
    case 'bond':
      return bondCommands(name, parent.mode, parent.legs);
    case 'bridge':
      return [
        // The least delay that the kernel takes while the spanning tree protocol runs, in hundredths of a second.
        `link add ${name} type bridge stp_state ${Number(parent.stp)} forward_delay 200 mcast_snooping ${Number(parent.snooping)}`,
        // A port gets no address of its own: it would be the bridge's, which takes its MAC address from it.
        ...parent.legs.map((leg) => `link set ${leg} addrgenmode none master ${name} up`),
      ];
  }
}

/** A bond, and its legs in it. A leg that was lost and is back becomes the active one again, where the mode has one. */
export function bondCommands(name: string, mode: BondMode, legs: readonly string[]): readonly string[] {
  return [
    `link add ${name} type bond mode ${mode} miimon 100${SETTINGS[mode](legs)}`,
    // A leg that is up is rejected. The bond sets it up.
    ...legs.map((leg) => `link set ${leg} master ${name}`),
  ];
}

const withPrimary = ([leg]: readonly string[]) => ` primary ${leg}`;

const SETTINGS: Readonly<Record<BondMode, (legs: readonly string[]) => string>> = {
  'active-backup': withPrimary,
  'balance-tlb': withPrimary,
  'balance-alb': withPrimary,
  'balance-rr': () => '',
  'balance-xor': () => '',
  '802.3ad': () => ' lacp_rate fast',
};

/** Waits where legs carry nothing for the first seconds: LACP and the spanning tree protocol have to agree first. */
export function waitForParent({ host: { parent } }: SitePlan): readonly string[] {
  if (parent?.kind === 'bridge' && parent.stp)
    return parent.legs.map((leg) => waitFor(`[ "$(cat /sys/class/net/${leg}/brport/state)" = 3 ]`));
  if (parent?.kind !== 'bond' || parent.mode !== '802.3ad') return [];
  // The bit that says that the leg sends frames of the bond.
  return parent.legs.map((leg) =>
    waitFor(`[ $(( $(cat /sys/class/net/${leg}/bonding_slave/ad_actor_oper_port_state) & 32 )) != 0 ]`),
  );
}

/** For fifteen seconds at most: what is still not there then shows in the checks. */
function waitFor(condition: string): string {
  return `n=0; until ${condition} || [ $n = 150 ]; do sleep 0.1; n=$((n+1)); done`;
}
