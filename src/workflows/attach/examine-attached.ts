import { diagnose } from '../../diagnosis/diagnose.js';
import { leftOut, leftOutText, type LeftOut } from '../../diagnosis/independent.js';
import type { Inspected } from '../../engine/engine.js';
import type { Evidence } from '../../evidence/evidence.js';
import type { NetworkFact, Refusal } from '../../evidence/facts.js';
import type { ClientEvidence } from '../../probes/client/client-evidence.js';
import type { Survey } from '../../probes/facts/survey.js';
import type { Looked, LookRequest } from '../../probes/look-request.js';
import type { ScenarioResult } from '../../report/result.js';
import { notVerified, type Planned } from '../../report/scenario-result.js';
import { evidenceOf, lookRequest } from '../gather.js';
import { evidenceFile, keepEvidence } from '../keep-evidence.js';
import { lookUntilAsked } from '../look-again.js';
import type { EngineSession } from '../session.js';
import type { AttachOptions } from './attach-session.js';
import { attachedResult } from './attached-result.js';
import { withClient } from './client-side.js';
import { gatewayFacts, mergedFacts, withSoftware, type GatewaySide } from './gateway-side.js';
import {
  inboundQuestions,
  isRestricted,
  restrictions,
  withInbound,
  type InboundQuestion,
} from './inbound-questions.js';
import type { Listening } from './services.js';
import type { Observer } from './observer.js';
import { withoutIdleServers } from './resolver-questions.js';
import type { Questions } from './questions.js';
import { containerFactOf, type Surroundings } from './surroundings.js';

/** A system that runs, and what is asked about it. */
export interface AttachedSystem extends Questions {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly networks: readonly NetworkFact[];
  readonly containers: readonly Inspected[];
  readonly around: Surroundings;
  readonly surveyed: Survey;
  readonly captures: LookRequest['captures'];
  /** See `LookRequest.holders`. */
  readonly holders?: LookRequest['holders'];
  /** Whether to look no further where all targets answer: for many that are probably well. Absent: all is looked at in one go. */
  readonly brief?: true;
  /** Whether the user named the targets. Absent: they are the usual ones. */
  readonly named?: true;
  /** Whether a fault fails it that breaks only what is compared, as before a rollout. Absent: what was asked decides. */
  readonly gate?: true;
  /** The container whose services are asked about as machines outside would ask. Absent: none. */
  readonly inbound?: Pick<Listening, 'container' | 'sockets'>;
  /** The checks that ask a container's DNS servers directly. Absent: none. */
  readonly servers?: { readonly container: string; readonly asked: ReadonlySet<string> };
  readonly gatewaySide: GatewaySide;
  /** What a LAN client printed. */
  readonly client?: ClientEvidence | undefined;
  readonly warnings: readonly string[];
  /** What the engine rejected. */
  readonly refusals: readonly Refusal[];
}

/** What an attached system is examined with. */
export interface Means {
  readonly session: EngineSession;
  readonly observer: Observer;
  readonly options: AttachOptions;
}

/** Looks once at a system that runs, diagnoses it, and keeps the evidence. No fault is injected, and no remedy is applied. */
export async function examineAttached(system: AttachedSystem, means: Means): Promise<ScenarioResult> {
  const { session, observer, options } = means;
  options.onStep('probing');
  const done = await session.clock.time('probe', () =>
    lookUntilAsked({
      look: (request) => observer.look(request, system.containers),
      request: () => rearpSeen(system, options),
      brief: system.brief === true && observer.lost.length === 0,
      onStep: options.onStep,
    }),
  );
  return concluded(system, done, means);
}

/** What a look comes to: the evidence is kept, and diagnosed. */
export async function concluded(
  system: AttachedSystem,
  { looked, again }: Awaited<ReturnType<typeof lookUntilAsked>>,
  means: Means,
): Promise<ScenarioResult> {
  const { session, observer, options } = means;
  const { clock } = session;
  const unresponsive = leftOut(looked.probes, system.around.facts, { usual: system.named !== true });
  const seen = await gathered(system, { looked, unresponsive }, means);
  const inbound = system.inbound ? inboundQuestions(seen.facts, system.inbound) : [];
  const evidence = withInbound(seen, inbound);
  const { id } = system;
  await clock.time('keep', () => keepEvidence(options.directory, { id, evidence, pcaps: looked.pcaps }));
  const diagnosis = await clock.time('diagnose', () => Promise.resolve(diagnose(evidence)));
  const finished = {
    plan: planned(system, { unresponsive, inbound }),
    evidence,
    diagnosis,
    verification: notVerified('nothing is changed here'),
    timing: clock.phases,
    warnings: [...observer.lost, ...(again === undefined ? [] : [again])],
    file: evidenceFile(system),
    whatIf: options.whatIf,
  };
  return attachedResult(finished, system.gate === true);
}

function rearpSeen(system: AttachedSystem, { runId: run, attempts, signal }: AttachOptions): LookRequest {
  const { around, checks, comparisons, captures, holders, containers } = system;
  const host = around.live.find(({ kind }) => kind === 'host');
  return lookRequest({
    run,
    nodes: around.live,
    checks,
    comparisons,
    absent: new Map(containers.filter(({ pid }) => pid === 0).map((one) => [one.name, whyNotRunning(one)])),
    captures,
    ...(holders ? { holders } : {}),
    traced: host ? [host.name] : [],
    shared: true,
    pings: attempts,
    facts: true,
    resolver: around.gateway?.addresses[0] ?? '127.0.0.1',
    signal,
  });
}

function whyNotRunning({ state, startError }: Inspected): string {
  return startError ?? `it is ${state}`;
}

interface Seen {
  readonly looked: Looked;
  /** Probes of targets that do not respond to the host either. */
  readonly unresponsive: readonly LeftOut[];
}

/** The evidence of our look, with what the gateway itself says. */
async function gathered(
  system: AttachedSystem,
  { looked, unresponsive }: Seen,
  { session: { clock, engine }, options: { signal } }: Means,
): Promise<Evidence> {
  const { around, gatewaySide, networks, containers, refusals } = system;
  const gateway = await clock.time('gateway', () => gatewayFacts(around, gatewaySide, signal));
  const client = withClient(withSoftware(around.facts, around, gateway.software), system.client);
  const { container, asked } = system.servers ?? { container: '', asked: new Set<string>() };
  const probes = withoutIdleServers(looked.probes, container, asked).map((probe) =>
    unresponsive.some((one) => one.probe === probe) ? { ...probe, purpose: 'comparison' as const } : probe,
  );
  return evidenceOf(
    {
      takenAt: looked.takenAt,
      facts: mergedFacts(mergedFacts(looked.facts, gateway.facts), client.facts),
      probes: [...probes, ...client.probes],
      missing: [...looked.missing, ...gateway.missing, ...client.missing],
    },
    {
      engine: engine.facts,
      nodes: client.nodes,
      networks,
      containers: containers.map(containerFactOf),
      refusals,
    },
  );
}

interface Asked {
  readonly unresponsive: readonly LeftOut[];
  readonly inbound: readonly InboundQuestion[];
}

function planned(system: AttachedSystem, { unresponsive, inbound }: Asked): Planned {
  const { id, title, why, checks, warnings } = system;
  const restricted = checks.filter((check) => isRestricted(check, inbound));
  const dropped = new Set([...unresponsive.map(({ probe }) => probe.id), ...restricted.map((check) => check.id)]);
  return {
    id,
    title,
    why,
    file: undefined,
    diagnosis: undefined,
    checks: [
      ...checks.filter((check) => !dropped.has(check.id)),
      ...inbound.map(({ check }) => check),
      ...withClient(system.around.facts, system.client).checks,
    ],
    warnings: [...warnings, ...unresponsive.map(leftOutText), ...restrictions(inbound)],
  };
}
