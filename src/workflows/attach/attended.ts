import { diagnose } from '../../diagnosis/diagnose.js';
import { leftOut, type LeftOut } from '../../diagnosis/independent.js';
import { EVIDENCE_VERSION, type Evidence } from '../../evidence/evidence.js';
import type { Facts, NetworkFact, Refusal } from '../../evidence/facts.js';
import type { Inspected } from '../../engine/engine.js';
import { GATEWAY_COMMAND, parseGatewayEvidence } from '../../probes/gateway/gateway-evidence.js';
import { dropsInstance } from '../../probes/capture/drops.js';
import type { LookRequest } from '../../probes/look-request.js';
import type { Survey } from '../../probes/facts/survey.js';
import { traceTable } from '../../probes/capture/trace-table.js';
import { run } from '../../process.js';
import type { ScenarioResult } from '../../report/result.js';
import type { Questions } from './questions.js';
import { containerFactOf, type Surroundings } from './surroundings.js';
import { TOOL } from '../../version.js';
import { attendedResult } from './attended-verdict.js';
import { evidenceFile, keepEvidence } from '../keep-evidence.js';
import { lookUntilAsked } from '../run/look-again.js';
import type { Observer } from './observer.js';
import type { Proven } from '../run/prove.js';
import type { Planned } from '../scenario-result.js';
import { nextTag } from '../tags.js';
import type { Visit } from '../visit.js';

/** The gateway's side of the story, where somebody can give it. */
export interface GatewaySide {
  /** What the printed one-liner printed there. */
  readonly text?: string | undefined;
  /** Where to run it over ssh: `USER@HOST`. */
  readonly ssh?: string | undefined;
}

/** Something that stands, and what is asked about it. */
export interface Attended extends Questions {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly networks: readonly NetworkFact[];
  readonly containers: readonly Inspected[];
  readonly around: Surroundings;
  readonly surveyed: Survey;
  readonly captures: LookRequest['captures'];
  /**
   * Whether to look no further where everybody answers: for many that are probably well. Absent: everything is looked at in
   * one go.
   */
  readonly brief?: true;
  /** Whether a fault fails it that breaks only what is compared, as before a rollout. Absent: what was asked decides. */
  readonly gate?: true;
  readonly gatewaySide: GatewaySide;
  readonly warnings: readonly string[];
  /** What the engine refused. */
  readonly refusals: readonly Refusal[];
}

/** How long a gateway may take to answer over ssh, in milliseconds. */
const SSH_TIMEOUT_MS = 20_000;

const UNPROVEN: Proven = {
  outcome: { proof: 'not tried', because: 'nothing is changed here' },
  proofs: new Map(),
  after: new Map(),
};

/** Looks once at what stands, diagnoses it, and keeps the evidence. Nothing is broken, and no remedy is tried. */
export async function attend(
  attended: Attended,
  { visit, observer }: { visit: Visit; observer: Observer },
): Promise<ScenarioResult> {
  const { clock, options } = visit;
  options.onStep('probing');
  const { looked, again } = await clock.time('probe', () =>
    lookUntilAsked({
      look: (request) => observer.look(request, attended.containers),
      request: () => lookRequest(attended, options),
      brief: attended.brief === true && observer.lost.length === 0,
      onStep: options.onStep,
    }),
  );
  const gateway = await clock.time('gateway', () => gatewayFacts(attended, options.signal));
  const { nodes } = { nodes: attended.around.facts };
  const silent = leftOut(looked.probes, nodes);
  const evidence: Evidence = {
    schemaVersion: EVIDENCE_VERSION,
    origin: 'recorded',
    tool: TOOL,
    takenAt: looked.takenAt,
    facts: {
      engine: visit.engine.facts,
      nodes,
      networks: attended.networks,
      containers: attended.containers.map(containerFactOf),
      refusals: attended.refusals,
      ...merged(looked.facts, gateway.facts),
    },
    probes: looked.probes.map((probe) =>
      silent.some((one) => one.probe === probe) ? { ...probe, purpose: 'comparison' } : probe,
    ),
    missing: [...looked.missing, ...gateway.missing],
  };
  await clock.time('keep', () => keepEvidence(options.directory, { ...attended, evidence, pcaps: looked.pcaps }));
  const diagnosis = await clock.time('diagnose', () => Promise.resolve(diagnose(evidence)));
  const finished = {
    plan: planned(attended, silent),
    evidence,
    diagnosis,
    proven: UNPROVEN,
    timing: clock.phases,
    warnings: [...observer.lost, ...(again === undefined ? [] : [again])],
    file: evidenceFile(attended),
  };
  return attendedResult(finished, attended.gate === true);
}

function lookRequest(attended: Attended, { runId, attempts, signal }: Visit['options']): LookRequest {
  const { around, checks, comparisons, captures, containers } = attended;
  const host = around.live.find(({ kind }) => kind === 'host');
  return {
    nodes: around.live,
    probes: [
      ...checks.map((check) => ({ check, purpose: 'check' as const })),
      ...comparisons.map((check) => ({ check, purpose: 'comparison' as const })),
    ],
    absent: new Map(containers.filter(({ pid }) => pid === 0).map((one) => [one.name, whyNotRunning(one)])),
    captures,
    traced: host ? [host.name] : [],
    drops: dropsInstance(runId),
    traceTable: traceTable(runId),
    shared: true,
    pings: attempts,
    facts: true,
    resolver: around.gateway?.addresses[0] ?? '127.0.0.1',
    firstTag: nextTag(),
    signal,
  };
}

function whyNotRunning({ state, startError }: Inspected): string {
  return startError ?? `it is ${state}`;
}

async function gatewayFacts({ around, gatewaySide }: Attended, signal: AbortSignal) {
  const { text, ssh } = gatewaySide;
  if (!around.gateway || (text === undefined && ssh === undefined)) return { facts: {}, missing: [] };
  const printed =
    text ??
    (await run('ssh', ['-o', 'BatchMode=yes', '--', ssh ?? '', GATEWAY_COMMAND], {
      timeoutMs: SSH_TIMEOUT_MS,
      signal,
    }));
  return parseGatewayEvidence(printed, around.gateway.name);
}

/** Facts of several nodes, from two looks. */
function merged(ours: Partial<Facts>, gateways: Partial<Facts>): Partial<Facts> {
  const both = Object.entries(gateways).map(([name, value]) => [name, { ...ours[name as keyof Facts], ...value }]);
  return { ...ours, ...Object.fromEntries(both) } as Partial<Facts>;
}

function planned(attended: Attended, silent: readonly LeftOut[]): Planned {
  const { id, title, why, checks, warnings } = attended;
  const dropped = new Set(silent.map(({ probe }) => probe.id));
  return {
    ...{ id, title, why, file: undefined, diagnosis: undefined },
    checks: checks.filter((check) => !dropped.has(check.id)),
    warnings: [
      ...warnings,
      ...silent.map(
        ({ probe, instead }) => `${probe.to.address} answers nobody here, and ${instead} does: it is left out.`,
      ),
    ],
  };
}

/**
 * Where packets are to be seen: where they leave the host, first the way to the gateway, and at the container itself. Tagged
 * frames of a VLAN are seen on the link that carries it.
 */
export function vantagePoints(
  { around, surveyed }: Pick<Attended, 'around' | 'surveyed'>,
  containers: readonly string[],
): LookRequest['captures'] {
  const host = around.live.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const present = (name: string) => surveyed.links.some((link) => link.name === name);
  const carrier = (name: string) => (present(name.split('.')[0] ?? name) ? (name.split('.')[0] ?? name) : name);
  const bridges = surveyed.links.filter(({ kind }) => kind === 'bridge').map(({ name }) => name);
  const outward = around.parents.filter((name) => !bridges.includes(name)).map(carrier);
  const uplink = surveyed.routes.find(
    ({ via }) => via !== undefined && around.gateway?.addresses.includes(via),
  )?.device;
  const devices = [...(outward.length === 0 && uplink ? [uplink] : []), ...outward].filter(present);
  return [
    ...[...new Set(devices)].map((device) => ({ node: host, device })),
    ...containers.flatMap((node) =>
      (surveyed.inside[node] ?? []).filter(({ name }) => name !== 'lo').map(({ name: device }) => ({ node, device })),
    ),
  ];
}
