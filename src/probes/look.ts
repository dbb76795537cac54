import type { Executed, Shell } from '../engine/engine.js';
import { unpack } from '../engine/archive.js';
import { DoctorError } from '../errors.js';
import type { Missing, ProbeResult } from '../evidence/evidence.js';
import type { Facts } from '../evidence/facts.js';
import type { CheckPlan } from '../scenario/plan.js';
import type { LiveNode } from '../topology/node.js';
import { capturesOf } from './capture/captures.js';
import { dropsOf } from './capture/drops.js';
import { FACT_PROBES } from './facts/fact-probes.js';
import { flowResult } from './flows/flow-probes.js';
import { lookScript } from './script.js';
import { tagsAfter } from './tags.js';
import { TAGS_TAKEN, tracesOf } from './capture/trace.js';

/** What a look is to find out. */
export interface LookRequest {
  readonly nodes: readonly LiveNode[];
  /** Containers that do not run, by name, and why not: what has an end there is not sent. Absent when all do. */
  readonly absent?: ReadonlyMap<string, string>;
  readonly probes: readonly { readonly check: CheckPlan; readonly purpose: ProbeResult['purpose'] }[];
  /** Interfaces to capture on while the probes run. */
  readonly captures: readonly { readonly node: string; readonly device: string }[];
  /** Nodes whose packet filter is traced while the probes run. */
  readonly traced: readonly string[];
  /** The kernel's trace instance in which packets it drops are counted on those nodes; nobody counts when absent. */
  readonly drops?: string;
  /** Name of our own nftables table on those nodes: no other look on the host may use it at the same time. */
  readonly traceTable?: string;
  /** Whether others send from these addresses too, so that only what the probes sent, and what answers it, may be captured. */
  readonly shared?: boolean;
  /** Whether to gather facts too, or only to repeat probes. Without them nothing is captured either. */
  readonly facts: boolean;
  /** Resolver of nodes that have no `resolv.conf` of their own. */
  readonly resolver: string;
  /**
   * First of the tags that mark probes on the wire. Two looks at one network must not share tags: NAT remembers them. Where
   * another look on the host has them at the moment, the look takes later ones.
   */
  readonly firstTag: number;
  /**
   * How many packets each ping sends, five when absent. `until answered`: one answer is enough, and who does not answer is
   * asked for as long as otherwise. It costs the least where everybody asks everybody.
   */
  readonly pings?: number | 'until answered' | undefined;
  /** How long it waits for everybody before it makes do with what there is, in seconds; 35 when absent. */
  readonly patienceSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a look found out. */
export interface Looked {
  readonly facts: Partial<Omit<Facts, 'engine' | 'nodes' | 'networks' | 'containers'>>;
  readonly probes: readonly ProbeResult[];
  readonly missing: readonly Missing[];
  /** Capture files by name, such as `host-enp0s3.pcap`. */
  readonly pcaps: ReadonlyMap<string, Buffer>;
  /** ISO 8601, UTC, by this machine's clock: a lab's may be wrong. */
  readonly takenAt: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** How long a look may take before the agent counts as gone, in milliseconds: far beyond its own watchdog. */
const PATIENCE_MS = 60_000;

/** How often other tags are tried where another look on the same host has them. */
const MOST_TRIES = 8;

/**
 * Looks once, from everywhere at the same time: one exec carries all probes of all nodes, so that a silent probe costs its
 * own timeout once. Listening starts before sending, and counters are read on both sides of it.
 *
 * @throws DoctorError `AGENT_FAILED` when the agent did not bring anything back, `INTERRUPTED` when the signal aborts
 */
export async function look(shell: Shell, asked: LookRequest, tries = MOST_TRIES): Promise<Looked> {
  const request = asked.facts ? asked : { ...asked, captures: [], traced: [] };
  const began = Date.now();
  const options = { timeoutMs: PATIENCE_MS, ...(request.signal ? { signal: request.signal } : {}) };
  const executed = await shell.run(lookScript(request), options);
  if (executed.exitCode === TAGS_TAKEN && tries > 1)
    return look(shell, { ...asked, firstTag: tagsAfter(asked.firstTag) }, tries - 1);
  const durationMs = Date.now() - began;
  const outputs = new Outputs(await brought(executed));
  const gathered = FACT_PROBES.map((probe) => probe.gather(request, outputs));
  const facts = Object.assign({}, ...gathered.map(({ facts }) => facts)) as Looked['facts'];
  const traced = tracesOf(request, outputs);
  const dropped = dropsOf(request, outputs);
  const captured = capturesOf(request, outputs, { links: facts.links ?? {}, routes: facts.routes ?? {} });
  return {
    facts: request.facts ? { ...facts, traces: traced.traces, drops: dropped.drops, captures: captured.captures } : {},
    probes: request.probes.map((probe, index) => flowResult({ ...probe, index, request, outputs })),
    missing: [
      ...gathered.flatMap(({ missing }) => missing),
      ...traced.missing,
      ...dropped.missing,
      ...captured.missing,
    ],
    pcaps: captured.pcaps,
    takenAt: new Date(began).toISOString(),
    durationMs,
  };
}

async function brought({ stdout, stderr, exitCode }: Executed): Promise<Map<string, Buffer>> {
  if (exitCode === 0 && stdout.length > 0) return unpack(stdout);
  throw new DoctorError('AGENT_FAILED', `The agent brought nothing back (exit code ${exitCode}): ${stderr.trim()}`, {
    hint: 'If its image is not ours, it may lack tools: "ipvlan-doctor preflight" tells.',
  });
}

/** What one command left: its output streams and how it ended. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The file in which a node notes how its commands ended: a name and an exit code on each line. */
export const EXITS = 'exits';

/** Exit code of a command that never ended, or never began; no program ends with it. */
const NEVER_ENDED = -1;

/** The files a look brought back, by node and name. */
export class Outputs {
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #exitCodes = new Map<number, ReadonlyMap<string, number>>();

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files;
  }

  /** A command that did not end has a negative exit code, and why as its error output. */
  get(node: number, name: string): Output {
    const text = (suffix: string) => this.#files.get(`${node}/${name}.${suffix}`)?.toString();
    const exitCode = this.#exitCodesOf(node).get(name);
    if (exitCode === undefined) {
      const stderr = this.whyNot(node) ?? 'it did not end in time';
      return { stdout: '', stderr, exitCode: NEVER_ENDED };
    }
    return { stdout: text('out') ?? '', stderr: text('err') ?? '', exitCode };
  }

  /** One file of a node's tells how each of its commands ended: thousands of files take a while. */
  #exitCodesOf(node: number): ReadonlyMap<string, number> {
    const known = this.#exitCodes.get(node);
    if (known) return known;
    const lines = (this.file(node, EXITS)?.toString() ?? '').split('\n').filter(Boolean);
    const read = new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    this.#exitCodes.set(node, read);
    return read;
  }

  file(node: number, name: string): Buffer | undefined {
    return this.#files.get(`${node}/${name}`);
  }

  /** Why nothing could be run on a node, in the words of what should have entered it. */
  whyNot(node: number): string | undefined {
    return this.#files.get(`${node}/node.err`)?.toString().trim() || undefined;
  }
}
