import { familyOf } from '../../ip.js';
import { didYouMean } from '../../suggest.js';
import { checkArp } from './arp-rules.js';
import { type Directory, hasFamily, type PlannedNode } from './directory.js';
import { parseGroupPort } from './multicast-group.js';
import { type CheckPlan, type ContainerPlan, type Expectation, type Over, overText, type Target } from '../plan.js';
import type { Problems } from '../problems.js';
import type { CheckFile } from '../schema/schema.js';
import { isPort } from './settle-containers.js';
import type { Path } from '../source.js';

interface Known {
  readonly directory: Directory;
  readonly containers: readonly ContainerPlan[];
  readonly causes: ReadonlySet<string>;
  /** The causes the file expects; `undefined` when it does not say. */
  readonly diagnosis: readonly string[] | undefined;
  readonly problems: Problems;
}

/** The author's checks, with every target's address settled. */
export function settleChecks(files: readonly CheckFile[], known: Known): readonly CheckPlan[] {
  const checks = files.flatMap((file, index) => settleCheck(file, ['checks', index], known) ?? []);
  for (const [index, check] of checks.entries()) {
    const first = checks.slice(0, index).find(({ id }) => id === check.id);
    if (first)
      known.problems.addAt(
        { line: check.line ?? 1, column: 1 },
        `${check.id} is checked in line ${first.line} already.`,
      );
  }
  return checks;
}

function settleCheck(file: CheckFile, at: Path, known: Known): CheckPlan | undefined {
  const from = settleFrom(file.from, [...at, 'from'], known);
  const over = parseOver(file.over ?? 'icmp', [...at, 'over'], known.problems);
  const expect = settleExpect(file.expect ?? 'reachable', [...at, 'expect'], known);
  const to = from && settleTarget(from, file.to, { at: [...at, 'to'], known });
  if (!from || !to || !over) return undefined;
  const check = { ...makeCheck(from.name, to, over), expect, line: known.problems.source.locate(at).line };
  checkSense({ check, from, at }, known);
  return check;
}

/** A check that the file does not contain: expected to be reachable, and without a line. */
export function makeCheck(from: string, to: Target, over: Over): CheckPlan {
  return {
    id: `${from}>${to.label}/${overText(over)}`,
    from,
    to,
    over,
    expect: { kind: 'reachable' },
    line: undefined,
  };
}

function settleFrom(name: string, at: Path, { directory, problems }: Known): PlannedNode | undefined {
  const node = directory.node(name);
  if (node) return node;
  const names = directory.nodes.map((each) => each.name);
  problems.add(
    at,
    `There is no node ${name} to start from.${didYouMean(name, names) || ` There are: ${names.join(', ')}.`}`,
  );
  return undefined;
}

function settleTarget(
  from: PlannedNode,
  label: string,
  { at, known }: { readonly at: Path; readonly known: Known },
): Target | undefined {
  const { directory, problems } = known;
  const target = label.includes('/') ? undefined : directory.target(from, label);
  if (target) return target;
  const names = [...directory.nodes.map(({ name }) => name), ...directory.names];
  const help =
    didYouMean(label, names) || ` There are: ${names.join(', ')}. A further DNS name goes into site.internet.names.`;
  problems.add(at, `${label} is neither a node, nor an address, nor a name the site's internet knows.${help}`);
  return undefined;
}

function settleExpect(file: NonNullable<CheckFile['expect']>, at: Path, known: Known): Expectation {
  if (typeof file === 'string') return { kind: file };
  const kind = 'flaky-by' in file ? 'flaky-by' : 'blocked-by';
  const cause = 'flaky-by' in file ? file['flaky-by'] : file['blocked-by'];
  checkCause(cause, [...at, kind], known);
  if (known.causes.has(cause) && known.diagnosis && !known.diagnosis.includes(cause)) {
    known.problems.add(
      [...at, kind],
      `${cause} is not among the causes under diagnosis. Add it there, or expect plain blocked.`,
    );
  }
  return { kind, cause };
}

/** Reports a cause that the tool does not know. */
export function checkCause(cause: string, at: Path, { causes, problems }: Pick<Known, 'causes' | 'problems'>): void {
  if (causes.has(cause)) return;
  problems.add(
    at,
    `There is no cause ${cause}.${didYouMean(cause, causes) || ' `ipvlan-doctor list causes` shows all.'}`,
  );
}

/** What `tcp/443` means. */
function parseOver(text: string, at: Path, problems: Problems): Over | undefined {
  const [protocol, count] = text.split('/');
  const number = Number(count);
  switch (protocol) {
    case 'tcp':
    case 'udp':
    case 'broadcast':
      if (isPort(number)) return { protocol, port: number };
      problems.add(at, `${text}: a port is a number from 1 to 65535.`);
      return undefined;
    case 'multicast': {
      const group = parseGroupPort(text, at, problems);
      return group && { protocol, ...group };
    }
    case 'mtu':
      // RFC 791: every link carries 68 bytes, and no IPv4 packet has more than 65535.
      if (number >= 68 && number <= 65535) return { protocol, bytes: number };
      problems.add(at, `${text}: a packet has 68 to 65535 bytes.`);
      return undefined;
    default:
      return { protocol: protocol as 'icmp' | 'arp' | 'dns' | 'http' };
  }
}

interface Placed {
  readonly check: CheckPlan;
  readonly from: PlannedNode;
  readonly at: Path;
}

/** Reports checks that ask nothing, and warns about those that cannot end as expected. */
function checkSense({ check, from, at }: Placed, { containers, problems }: Known): void {
  const { to, over } = check;
  if (to.node === from.name)
    problems.add([...at, 'to'], `${to.label} is ${from.name} itself: the check crosses no network.`);
  if (over.protocol === 'multicast' && familyOf(over.group) !== familyOf(to.address))
    problems.add(
      [...at, 'over'],
      `${over.group} is an IPv${familyOf(over.group)} group, and ${to.address} is no IPv${familyOf(over.group)} address.`,
    );
  if (over.protocol === 'arp') checkArp(check, from, { at: [...at, 'over'], problems });
  if (check.expect.kind !== 'reachable') return;
  if (!hasFamily(from, to.address)) {
    problems.add(
      [...at, 'to'],
      `${from.name} has no IPv${familyOf(to.address)} address to reach ${to.address} from. Expect blocked, or give it one.`,
    );
  }
  const server = containers.find(({ name }) => name === to.node);
  if (
    server &&
    'port' in over &&
    over.protocol !== 'multicast' &&
    !server.listens.some(
      ({ protocol, port }) => protocol === (over.protocol === 'tcp' ? 'tcp' : 'udp') && port === over.port,
    )
  ) {
    problems.warn(
      [...at, 'over'],
      `${server.name} does not listen on ${overText(over)}. Add it to listens, or expect blocked.`,
    );
  }
}
