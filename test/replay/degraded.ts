import type { Evidence, ProbeResult } from '../../src/evidence/evidence.js';
import type { Capture, Facts, PerNode } from '../../src/evidence/facts.js';

/** Evidence as a look would have brought it back that could not see something, with what that is. */
export type Degraded = readonly [what: string, evidence: Evidence];

/** Facts by node, in groups that go together. */
const BY_NODE: readonly (readonly (keyof Facts)[])[] = [
  ['links'],
  ['routes', 'rules'],
  ['firewall'],
  ['counters'],
  ['sysctls', 'neighbours', 'sockets'],
];

/** Facts whose loss on every node at once is enough to try. */
const AS_A_WHOLE = ['traces', 'drops', 'linkFilters', 'platform', 'queues'] as const;

/** Every way in which a look may have seen less: without captures, facts or outcomes of one kind, or of one node. */
export function* degraded(evidence: Evidence): Generator<Degraded> {
  yield* withoutCaptures(evidence);
  yield* withoutFacts(evidence);
  yield* withoutOutcomes(evidence);
}

function* withoutCaptures(evidence: Evidence): Generator<Degraded> {
  const { captures = [] } = evidence.facts;
  if (captures.length === 0) return;
  yield ['every capture: tcpdump is missing', lacking(evidence, { captures: [] })];
  yield ['every capture: none was awake', lacking(evidence, { captures: captures.map(asleep) })];
  for (const one of captures) {
    const name = `the capture on ${one.device} of ${one.node}`;
    yield [`${name}: tcpdump failed`, lacking(evidence, { captures: captures.filter((other) => other !== one) })];
    const slept = captures.map((other) => (other === one ? asleep(one) : other));
    yield [`${name}: it was not awake`, lacking(evidence, { captures: slept })];
  }
}

function asleep(capture: Capture): Capture {
  return { ...capture, control: 'not seen', packets: [] };
}

function* withoutFacts(evidence: Evidence): Generator<Degraded> {
  for (const fact of AS_A_WHOLE) if (evidence.facts[fact]) yield [`${fact}: all`, lacking(evidence, { [fact]: {} })];
  for (const facts of BY_NODE) {
    const present = facts.filter((fact) => evidence.facts[fact] !== undefined);
    const nodes = new Set(present.flatMap((fact) => Object.keys(evidence.facts[fact] ?? {})));
    const names = present.join(', ');
    yield [`${names}: all`, lacking(evidence, Object.fromEntries(present.map((fact) => [fact, {}])))];
    for (const node of nodes) {
      const rest = present.map((fact) => [fact, withoutNode(evidence.facts[fact] as PerNode<unknown>, node)]);
      yield [`${names}: ${node}`, lacking(evidence, Object.fromEntries(rest) as Partial<Facts>)];
    }
  }
}

function withoutNode(fact: PerNode<unknown>, node: string): PerNode<unknown> {
  return Object.fromEntries(Object.entries(fact).filter(([name]) => name !== node));
}

function* withoutOutcomes(evidence: Evidence): Generator<Degraded> {
  const { probes } = evidence;
  const groups: readonly (readonly [string, (probe: ProbeResult) => boolean])[] = [
    ['every comparison', ({ purpose }) => purpose === 'comparison'],
    ...distinct(probes.map(({ from }) => from)).map(
      (node) => [`what ${node} sends`, ({ from }: ProbeResult) => from === node] as const,
    ),
    ...distinct(probes.map(({ over }) => over.protocol)).map(
      (protocol) => [`all over ${protocol}`, ({ over }: ProbeResult) => over.protocol === protocol] as const,
    ),
  ];
  for (const [what, test] of groups) {
    const broken = probes.map((probe) =>
      test(probe) ? { ...probe, outcome: { kind: 'broken' as const, error: 'not found' } } : probe,
    );
    yield [`outcomes: ${what}`, { ...evidence, origin: 'synthetic', probes: broken }];
  }
}

/** The rest of the evidence, with what is missing said. */
function lacking(evidence: Evidence, facts: Partial<Facts>): Evidence {
  const missing = (Object.keys(facts) as (keyof Facts)[]).map((fact) => ({
    ...{ fact, node: undefined, reason: 'the program that reads it is not there' },
  }));
  return {
    ...evidence,
    origin: 'synthetic',
    missing: [...evidence.missing, ...missing],
    facts: { ...evidence.facts, ...facts },
  };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
