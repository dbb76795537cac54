import { code, markdownTable } from '../markdown.js';

/** What one test of moby's asserts, and the scenarios that hold it; where none does, why. */
interface MobyTest {
  readonly test: string;
  readonly held: readonly string[];
  readonly note?: string;
}

const RESTART = 'A scenario cannot restart the engine it talks to.';
const PINGS = 'Its pings pass also without a reply: moby only checks that the command could be run.';

/** `integration/network/ipvlan/ipvlan_test.go`, and what else `integration/network` asserts about IPvlan. */
const MOBY_TESTS: readonly MobyTest[] = [
  { test: 'TestDockerNetworkIpvlanPersistence', held: [], note: RESTART },
  {
    test: 'Subinterface',
    held: ['l2-vlans-kept-apart'],
    note: "Docker makes the VLAN's link there; what is left of it when the network goes is no matter of packets.",
  },
  { test: 'OverlapParent', held: ['l2-parent-used-twice'] },
  {
    test: 'L2NilParent',
    held: ['l2-no-parent-siblings', 'moby-l2-no-parent'],
    note: 'By address: a name in a check is one of the internet, not of a sibling.',
  },
  { test: 'L2InternalMode', held: ['moby-l2-no-parent', 'l2-internal'] },
  {
    test: 'L3NilParent',
    held: ['moby-l3-no-parent'],
    note: `moby pings across subnets too, which Docker 26 gives no route for; Docker 20.10 gives one. ${PINGS}`,
  },
  { test: 'L3InternalMode', held: ['moby-l3-no-parent'], note: 'As L3NilParent.' },
  {
    test: 'L2MultiSubnetWithParent',
    held: ['moby-l2-multi-subnet'],
    note: 'Without a gateway given, Docker before 29 guesses one, which does not answer ARP.',
  },
  { test: 'L2MultiSubnetNoParent', held: ['moby-l2-no-parent'] },
  { test: 'L2Gateway', held: ['moby-l2-multi-subnet'] },
  { test: 'L3MultiSubnet, L3Addressing', held: ['moby-l3-multi-subnet'] },
  {
    test: 'TestIpvlanIPAM',
    held: ['moby-l3-multi-subnet'],
    note: "Both families, and IPv4 alone everywhere. Docker before 28 makes no network without IPv4, and the counters are the API's.",
  },
  {
    test: 'TestIpvlanIPAMOverlap',
    held: ['l3-subnet-given-away'],
    note: "Only that the lab's engine rejects an overlap, there with the subnet of a bridge. The counters are the API's.",
  },
  { test: 'TestIPVlanDNS', held: ['moby-dns'] },
  {
    test: 'TestPointToPoint',
    held: ['moby-point-to-point'],
    note: 'As it is before Docker 28, which keeps an address for a gateway.',
  },
  {
    test: 'TestMixL3IPVlanAndBridge',
    held: ['moby-l3-and-bridge'],
    note: 'As it is before Docker 28, where such a container does not start.',
  },
  {
    test: 'TestEndpointWithCustomIfname',
    held: [],
    note: 'The file has no options of an endpoint; causes find links by their address, not by their name.',
  },
];

/** The scenarios a table of moby's tests names. */
export const SCENARIOS_FOR_MOBY = [...new Set(MOBY_TESTS.flatMap(({ held }) => held))];

/** What moby's tests assert, in Markdown. */
export function mobyTests(): string {
  return markdownTable(
    ['test', 'held by', 'remark'],
    MOBY_TESTS.map(({ test, held, note = '' }) => [
      code(test),
      held.map((id) => `[${id}](${id}.yaml)`).join(', ') || 'nothing',
      note,
    ]),
  );
}
