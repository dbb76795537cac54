import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Cause } from '../../src/diagnosis/cause.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence, Failure, ProbeResult } from '../../src/evidence/evidence.js';
import { parseEvidence } from '../../src/evidence/file.js';
import type {
  ContainerFact,
  Facts,
  FirewallChain,
  FirewallRule,
  Link,
  NetworkFact,
  Packet,
  PerNode,
  Refusal,
  Route,
} from '../../src/evidence/facts.js';
import { familyOf } from '../../src/ip.js';

/** Evidence a cause is tried on: a recorded run, or one that was changed in one respect and says so. */
export type Situation = Evidence;

/** Every scenario of which a real run is kept, or what a `diagnose` saw of it in another view. */
export function recordedIds(view = 'site'): readonly string[] {
  return readdirSync(`test/replay/recorded/${view}`).flatMap((name) => /^(.+)\.json\.gz$/.exec(name)?.[1] ?? []);
}

/** The evidence of a real run of a scenario, or of a `diagnose` that saw less of it. */
export function recorded(id: string, view = 'site'): Situation {
  return parseEvidence(gunzipSync(readFileSync(recordingFile(id, view))).toString(), id);
}

/** Where it is kept. */
export function recordingFile(id: string, view = 'site'): string {
  return `test/replay/recorded/${view}/${id}.json.gz`;
}

/** Changes facts, of which the rest stays as recorded. */
export function change(situation: Situation, facts: (was: Facts) => Partial<Facts>): Situation {
  const was = situation.facts as Facts;
  return { ...situation, origin: 'synthetic', facts: { ...was, ...facts(was) } };
}

/** As if these probes had all arrived; `*` stands for any text. */
export function arriving(situation: Situation, ...ids: readonly string[]): Situation {
  return mapProbes(situation, ids, (probe) => ({
    ...probe,
    outcome: {
      kind: 'attempts',
      sent: 5,
      arrived: 5,
      roundTripMs: { min: 1, average: 1, max: 1 },
      ttl: 64,
      failure: undefined,
      said: [],
      answers: [],
    },
  }));
}

/** As if these probes had failed. */
export function lost(situation: Situation, failure: Failure, ...ids: readonly string[]): Situation {
  return mapProbes(situation, ids, (probe) => ({
    ...probe,
    outcome: {
      kind: 'attempts',
      sent: 5,
      arrived: 0,
      roundTripMs: undefined,
      ttl: undefined,
      failure,
      said: [],
      answers: [],
    },
  }));
}

/** As if of each of these probes' packets three in five had arrived. */
export function losing(situation: Situation, ...ids: readonly string[]): Situation {
  return mapProbes(situation, ids, ({ outcome, ...probe }) => ({
    ...probe,
    outcome: outcome.kind === 'attempts' ? { ...outcome, sent: 5, arrived: 3, failure: 'timeout' } : outcome,
  }));
}

/** As if these probes could not have been asked. */
export function broken(situation: Situation, ...ids: readonly string[]): Situation {
  return mapProbes(situation, ids, (probe) => ({ ...probe, outcome: { kind: 'broken', error: 'no ping here' } }));
}

/** As if one more thing had been asked: like a probe there is, but for what is changed. */
export function alsoAsked(
  situation: Situation,
  like: string,
  { id, ...to }: Pick<ProbeResult, 'id'> & Partial<ProbeResult>,
): Situation {
  const model = situation.probes.find((probe) => probe.id === like);
  if (!model) throw new Error(`no probe is called ${like}`);
  return { ...situation, origin: 'synthetic', probes: [...situation.probes, { ...model, ...to, id }] };
}

function mapProbes(situation: Situation, ids: readonly string[], to: (probe: ProbeResult) => ProbeResult): Situation {
  const wanted = ids.map(
    (id) => new RegExp(`^${id.replaceAll(/[.*+?^${}()|[\]\\]/g, (c) => (c === '*' ? '.*' : `\\${c}`))}$`),
  );
  const probes = situation.probes.map((probe) => (wanted.some((one) => one.test(probe.id)) ? to(probe) : probe));
  if (!situation.probes.some((probe) => wanted.some((one) => one.test(probe.id))))
    throw new Error(`no probe is called ${ids.join(' or ')}`);
  return { ...situation, origin: 'synthetic', probes };
}

interface Refusing {
  readonly step: Refusal['step'];
  readonly message: string;
  /** The container refused; all on the network when absent. */
  readonly container?: string;
  /** What was asked for otherwise than the situation has it. */
  readonly asked?: Partial<NetworkFact>;
  readonly mac?: string;
}

/** As if the engine had rejected the situation's first network, or a container on it, and its containers had never run. */
export function refusing(situation: Situation, { step, message, container, asked, mac }: Refusing): Situation {
  const { networks = [], containers = [], nodes = [] } = situation.facts;
  const idle = containers.filter(({ name }) => container === undefined || name === container).map(({ name }) => name);
  const [first] = networks;
  if (!first || idle.length === 0) throw new Error('nothing to refuse');
  const stop = (one: ContainerFact): ContainerFact => (idle.includes(one.name) ? { ...one, state: 'created' } : one);
  const addresses = nodes.find(({ name }) => name === container)?.addresses ?? [];
  const refusal: Refusal = {
    step,
    message,
    networks: [{ ...first, ...asked }],
    container: container === undefined ? undefined : { name: container, addresses, mac },
  };
  const stopped = change(situation, (was) => ({
    refusals: [...(was.refusals ?? []), refusal],
    networks: step === 'create-network' ? networks.slice(1) : networks,
    containers: containers.map(stop),
  }));
  return {
    ...stopped,
    probes: situation.probes.map((probe): ProbeResult => {
      const end = [probe.from, probe.to.node ?? ''].find((name) => idle.includes(name));
      if (end === undefined) return probe;
      return { ...probe, outcome: { kind: 'not-running', container: end, because: message } };
    }),
  };
}

/** As if the engine had refused nothing: older recordings do not say. */
export function unrefused(situation: Situation): Situation {
  return change(situation, () => ({ refusals: [] }));
}

/** A look from which a node was out of reach: nothing that is read on it is there, and no capture. */
export function unseen(situation: Situation, node: string): Situation {
  const rest = <T>(fact: PerNode<T>): PerNode<T> =>
    Object.fromEntries(Object.entries(fact).filter(([name]) => name !== node));
  return change(situation, (was) => ({
    links: rest(was.links),
    routes: rest(was.routes),
    rules: rest(was.rules),
    neighbours: rest(was.neighbours),
    sysctls: rest(was.sysctls),
    counters: rest(was.counters),
    firewall: rest(was.firewall),
    captures: was.captures.filter((capture) => capture.node !== node),
  }));
}

export function withRoute(
  situation: Situation,
  node: string,
  route: Pick<Route, 'destination'> & Partial<Route>,
): Situation {
  const whole: Route = {
    family: familyOf(route.destination) ?? 4,
    table: 'main',
    type: 'unicast',
    via: undefined,
    device: undefined,
    metric: 0,
    scope: undefined,
    source: undefined,
    flags: [],
    ...route,
  };
  return change(situation, ({ routes }) => ({ routes: { ...routes, [node]: [whole, ...(routes[node] ?? [])] } }));
}

export function withoutRoutes(situation: Situation, node: string, which: (route: Route) => boolean): Situation {
  return change(situation, ({ routes }) => ({
    routes: { ...routes, [node]: (routes[node] ?? []).filter((route) => !which(route)) },
  }));
}

export function withLink(
  situation: Situation,
  node: string,
  { name, ...to }: Pick<Link, 'name'> & Partial<Link>,
): Situation {
  return change(situation, ({ links }) => ({
    links: { ...links, [node]: (links[node] ?? []).map((link) => (link.name === name ? { ...link, ...to } : link)) },
  }));
}

/** As a capture would have been without these packets. */
export function withoutPackets(
  situation: Situation,
  node: string,
  which: (packet: Packet) => boolean = () => true,
): Situation {
  return change(situation, ({ captures }) => ({
    captures: captures.map((capture) =>
      capture.node === node ? { ...capture, packets: capture.packets.filter((packet) => !which(packet)) } : capture,
    ),
  }));
}

/** As if a capture had slept: its control was sent and not seen, and nothing else was. */
export function asleep(situation: Situation, node: string): Situation {
  return change(situation, ({ captures }) => ({
    captures: captures.map((capture) =>
      capture.node === node ? { ...capture, control: 'not seen', packets: [] } : capture,
    ),
  }));
}

interface Filter {
  readonly chains: readonly (Pick<FirewallChain, 'chain' | 'hook'> & Partial<FirewallChain>)[];
  readonly rules?: readonly (Pick<FirewallRule, 'chain' | 'text' | 'verdict'> & Partial<FirewallRule>)[];
}

/** As the packet filter of a node would be with these chains and rules only. */
export function withFirewall(situation: Situation, node: string, { chains, rules = [] }: Filter): Situation {
  const place = { backend: 'nftables', family: 'ip', table: 'filter' } as const;
  const nothing = { priority: 0, type: 'filter', policy: 'accept', policyPackets: undefined };
  return change(situation, ({ firewall }) => ({
    firewall: {
      ...firewall,
      [node]: {
        readable: ['nftables', 'iptables-nft', 'iptables-legacy'],
        chains: chains.map((chain) => ({ ...place, ...nothing, ...chain })),
        rules: rules.map((rule) => ({ ...place, handle: 1, packets: undefined, ...rule })),
      },
    },
  }));
}

/** What must hold of a cause: when it is found, when it is not, and when it cannot be told. */
export interface Situations {
  readonly recognises: Readonly<Record<string, Situation>>;
  /** The near misses. */
  readonly leavesAlone: Readonly<Record<string, Situation>>;
  readonly cannotTell?: Readonly<Record<string, Situation>>;
}

/** A table of situations as a suite. Every one that is recognised must come with a sentence and remedies that name no gaps. */
export function describeCause(cause: Cause, { recognises, leavesAlone, cannotTell = {} }: Situations): void {
  describe(cause.id, () => {
    for (const [name, situation] of Object.entries(recognises))
      it(`recognises ${name}`, () => {
        const {
          found: [found],
          ruledOut,
        } = diagnose(situation, [cause]);
        expect(found, ruledOut[0]?.ruling.because ?? 'found').to.not.equal(undefined);
        expect(found?.ruling.because, 'observations').to.not.be.empty;
        const words = JSON.stringify([found?.explanation, found?.ruling.because, found?.remedies]);
        expect(words).to.not.match(/undefined|null,|NaN|\[object/);
        expect(found?.explanation).to.match(/\.$/);
      });
    for (const [name, situation] of Object.entries(leavesAlone))
      it(`leaves alone ${name}`, () => {
        expect(diagnose(situation, [cause]).found.map(({ ruling }) => ruling.because)).to.deep.equal([]);
      });
    for (const [name, situation] of Object.entries(cannotTell))
      it(`cannot tell ${name}`, () => {
        const { found, inconclusive } = diagnose(situation, [cause]);
        expect(found.map(({ ruling }) => ruling.because)).to.deep.equal([]);
        expect(inconclusive[0]?.ruling.missing).to.be.a('string').that.is.not.empty;
      });
  });
}
