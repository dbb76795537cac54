import type { NetworkPlan, SitePlan } from '../plan.js';
import type { Problems } from '../problems.js';
import { subnetsOnParent } from './settle-site.js';
import type { Path } from '../source.js';
import { closest } from '../../suggest.js';

/**
 * Reports parents that do not exist and parents that two networks cannot share.
 *
 * @param site absent where the network around the host is the real one: whether a parent is there is then not known
 */
export function checkParents(networks: readonly NetworkPlan[], site: SitePlan | undefined, problems: Problems): void {
  for (const [index, network] of networks.entries()) {
    if (network.parent === undefined || network.driver === 'bridge') continue;
    const path = ['networks', index, 'parent'];
    if (site) checkExists(network.parent, { site, problems, path });
    const other = networks
      .slice(0, index)
      .find(({ parent, driver }) => parent === network.parent && driver !== 'bridge');
    if (other) checkShared(network, other, { vlan: freeVlan(network.parent, site), problems, path });
  }
}

interface Where {
  readonly site: SitePlan;
  readonly problems: Problems;
  readonly path: Path;
}

function checkExists(parent: string, { site, problems, path }: Where): void {
  if (subnetsOnParent(site, parent)) return;
  const device = site.host.interface;
  const [base, tag, ...more] = parent.split('.');
  const id = Number(tag);
  if (base !== device || tag === undefined || more.length > 0) {
    const known = [device, ...site.vlans.map((vlan) => `${device}.${vlan.id}`)];
    const instead = closest(parent, known) ?? device;
    problems.addUnless(
      parent === 'lo' ? 'parent-not-ethernet' : 'parent-not-found',
      path,
      `The host has no interface ${parent}. Use ${instead}, or name it in site.host.interface.`,
    );
  } else if (!/^[1-9]\d*$/.test(tag) || id > 4094) {
    problems.addUnless(
      'parent-not-found',
      path,
      `${parent} is no VLAN of ${device}: the part behind the dot must be a number from 1 to 4094.`,
    );
  } else {
    problems.warn(
      path,
      `The switch does not carry VLAN ${id}, so nothing outside answers on ${parent}. Add { id: ${id}, subnet: … } to site.vlans.`,
    );
  }
}

/** A VLAN parent to propose instead of one that is in use. */
function freeVlan(parent: string, site: SitePlan | undefined): string {
  const device = site?.host.interface ?? parent.split('.')[0];
  return `${device}.${(site?.vlans[0]?.id ?? 30) + (parent.includes('.') ? 10 : 0)}`;
}

interface Shared extends Pick<Where, 'problems' | 'path'> {
  readonly vlan: string;
}

function checkShared(network: NetworkPlan, other: NetworkPlan, { vlan, problems, path }: Shared): void {
  const { parent } = network;
  if (network.driver !== other.driver) {
    problems.addUnless(
      'parent-rx-handler-busy',
      path,
      `${other.name} (${other.driver}) already holds parent ${parent}, and the kernel does not allow ipvlan and macvlan on one link. Give this network a VLAN parent such as ${vlan}, or the same driver.`,
    );
  } else if (network.driver === 'ipvlan') {
    problems.addUnless(
      'parent-already-used-by-ipvlan-network',
      path,
      `Another network (${other.name}) already owns parent ${parent}. Give this one a VLAN parent such as ${vlan}, or add its subnets to "${other.name}".`,
    );
  } else if (network.mode === 'passthru' || other.mode === 'passthru') {
    problems.addUnless(
      'parent-already-used-by-ipvlan-network',
      path,
      `Parent ${parent} cannot be shared with ${other.name}: passthru takes the whole link.`,
    );
  } else {
    problems.warn(
      path,
      `Docker before 27 rejects a second macvlan network on parent ${parent}; ${other.name} is the first.`,
    );
  }
}
