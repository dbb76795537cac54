import { contains, familyOf, overlap } from '../../ip.js';
import type { NetworkPlan, SitePlan } from '../plan.js';
import type { Problems } from '../problems.js';
import { isLayer3Mode } from './settle-gateway.js';
import { subnetsOnParent, UPLINK_SUBNETS } from './settle-site.js';
import type { Path } from '../source.js';

interface Placed {
  readonly network: NetworkPlan;
  readonly subnet: string;
  readonly path: Path;
}

/** Reports subnets that overlap one another or a segment of the site, where the mode does not allow that. */
export function checkSubnets(networks: readonly NetworkPlan[], site: SitePlan | undefined, problems: Problems): void {
  const placed: readonly Placed[] = networks.flatMap((network, index) =>
    network.subnets.map(({ subnet }, position) => ({
      network,
      subnet,
      path: ['networks', index, 'subnets', position],
    })),
  );
  for (const [index, each] of placed.entries()) {
    const other = placed.slice(0, index).find(({ subnet }) => overlap(subnet, each.subnet));
    if (other) {
      problems.addUnless(
        'ipam-rejects-address',
        each.path,
        `${each.subnet} overlaps ${other.subnet} of ${other.network.name}. Docker rejects that: choose another subnet.`,
      );
    }
    if (site) checkAgainstSite(each, site, problems);
  }
}

function checkAgainstSite({ network, subnet, path }: Placed, site: SitePlan, problems: Problems): void {
  const own =
    isLayer3Mode(network.mode) || network.driver === 'bridge' ? [] : (subnetsOnParent(site, network.parent) ?? []);
  const foreign = [
    ...site.lan.map((other) => ({ other, what: 'the LAN' })),
    ...site.vlans.flatMap(({ id, subnets }) => subnets.map((other) => ({ other, what: `VLAN ${id}` }))),
    ...UPLINK_SUBNETS.map((other) => ({ other, what: 'the segment between gateway and internet' })),
    ...site.internet.addresses.map((other) => ({ other, what: 'the internet' })),
  ].filter(({ other }) => !own.includes(other));
  const clash = foreign.find(({ other }) => overlap(other, subnet));
  // Without a parent nothing leaves the dummy link, so an L2 subnet may repeat any address outside.
  const isolated = network.parent === undefined && network.driver !== 'bridge' && !isLayer3Mode(network.mode);
  if (clash && !isolated) {
    const sentence = `${subnet} overlaps ${clash.what}, ${clash.other}. ${advice(network)}`;
    if (isCommonMistake(network, clash.what)) problems.warn(path, sentence);
    else problems.add(path, sentence);
  }
  const segment = own.find((candidate) => overlap(candidate, subnet));
  if (segment !== undefined && !(contains(segment, subnet) && contains(subnet, segment))) {
    problems.warn(
      path,
      `${subnet} is not the whole of ${segment}: both sides must agree on what is on the link. To confine addresses use range.`,
    );
  }
  if (isLayer3Mode(network.mode) && network.parent && !site.lan.some((lan) => familyOf(lan) === familyOf(subnet))) {
    problems.warn(path, `The LAN has no IPv${familyOf(subnet)}, so ${subnet} reaches nothing but its siblings.`);
  }
}

/** Docker accepts it and users do it, so a scenario may: a network on the host whose subnet is also used elsewhere. */
function isCommonMistake({ driver, parent, mode }: NetworkPlan, what: string): boolean {
  if (driver === 'bridge' || parent === undefined) return false;
  return what.startsWith('the internet') ? !isLayer3Mode(mode) : !what.startsWith('the segment');
}

function advice(network: NetworkPlan): string {
  if (isLayer3Mode(network.mode))
    return 'An L3 network needs a subnet of its own, routed via the host; or use mode l2.';
  return 'Choose another subnet.';
}
