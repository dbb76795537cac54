import type { Executed, Shell } from '../engine/engine.js';
import { unpack } from '../engine/archive.js';
import { DoctorError } from '../errors.js';
import { capturesOf } from './capture/captures.js';
import { dropsOf } from './capture/drops.js';
import { addressHoldersOf } from './facts/address-holders.js';
import { FACT_PROBES } from './facts/fact-probes.js';
import { asCaptured, type CapturedLook } from './flows/seen-packets.js';
import { flowResult } from './flows/flow-result.js';
import type { Looked, LookRequest } from './look-request.js';
import { Outputs } from './outputs.js';
import { lookScript } from './script.js';
import { tagsAfter } from './tags.js';
import { TAGS_TAKEN, tracesOf } from './capture/trace.js';

/** How long a look may take before the agent counts as gone, in milliseconds: far beyond its own watchdog. */
const PATIENCE_MS = 60_000;

/** How often other tags are tried where another look on the same host has them. */
const MOST_TRIES = 8;

/**
 * Looks once, from everywhere at the same time: one exec carries all probes of all nodes, so that a probe without a reply costs
 * its own timeout once. Listening starts before sending, and counters are read on both sides of it.
 *
 * @throws DoctorError `AGENT_FAILED` when the agent returned nothing, `INTERRUPTED` when the signal aborts
 */
export async function look(shell: Shell, asked: LookRequest, tries = MOST_TRIES): Promise<Looked> {
  const request = asked.facts ? asked : { ...asked, captures: atReceivers(asked), traced: [] };
  const began = Date.now();
  const options = { timeoutMs: PATIENCE_MS, ...(request.signal ? { signal: request.signal } : {}) };
  const executed = await shell.run(lookScript(request), options);
  if (executed.exitCode === TAGS_TAKEN && tries > 1)
    return look(shell, { ...asked, firstTag: tagsAfter(asked.firstTag) }, tries - 1);
  const durationMs = Date.now() - began;
  const outputs = new Outputs(await brought(executed));
  const gathered = FACT_PROBES.map((probe) => probe.gather(request, outputs));
  const facts: Looked['facts'] = Object.fromEntries(gathered.flatMap(({ facts }) => Object.entries(facts)));
  const traced = tracesOf(request, outputs);
  const dropped = dropsOf(request, outputs);
  const holding = addressHoldersOf(request, outputs);
  const links = request.facts ? (facts.links ?? {}) : withoutDirection(request);
  const captured = capturesOf(request, outputs, { links, routes: facts.routes ?? {} });
  const seen = { captures: captured.captures, links: facts.links ?? {}, ...marks(request) };
  return {
    facts: request.facts
      ? {
          ...facts,
          ...{ traces: traced.traces, drops: dropped.drops, captures: captured.captures },
          ...(request.holders ? { addressHolders: holding.addressHolders } : {}),
        }
      : {},
    probes: request.probes.map((probe, index) => asCaptured(flowResult({ ...probe, index, request, outputs }), seen)),
    missing: [
      ...gathered.flatMap(({ missing }) => missing),
      ...traced.missing,
      ...dropped.missing,
      ...(request.facts ? holding.missing : []),
      ...captured.missing,
    ],
    pcaps: captured.pcaps,
    takenAt: new Date(began).toISOString(),
    durationMs,
  };
}

/** Whose replies can be told from another machine's, and the ports the probes are sent from. */
function marks({ nodes, probes, firstTag }: LookRequest): Pick<CapturedLook, 'targets' | 'tags'> {
  const ours = nodes.filter(({ kind }) => kind === 'container' || kind === 'peer');
  return { targets: new Set(ours.map(({ name }) => name)), tags: new Set(probes.map((_, index) => firstTag + index)) };
}

/** A look without facts captures only where a datagram to a group has to come in: the target need not reply. At the host directions count. */
function atReceivers({ captures, nodes, probes }: LookRequest): LookRequest['captures'] {
  const asked = new Set(probes.flatMap(({ check: { over, to } }) => (over.protocol === 'multicast' ? [to.node] : [])));
  const known = nodes.filter(({ name, kind }) => kind !== 'host' && asked.has(name));
  return captures.filter(({ node }) => known.some(({ name }) => name === node));
}

/** Links without MAC addresses, of which nothing is known to go out. */
function withoutDirection({ nodes }: LookRequest): NonNullable<Looked['facts']['links']> {
  return Object.fromEntries(nodes.map(({ name }) => [name, []]));
}

async function brought({ stdout, stderr, exitCode }: Executed): Promise<Map<string, Buffer>> {
  if (exitCode === 0 && stdout.length > 0) return unpack(stdout);
  throw new DoctorError('AGENT_FAILED', `The agent returned nothing (exit code ${exitCode}): ${stderr.trim()}`, {
    hint: 'Its image may lack tools. Check it with "ipvlan-doctor preflight".',
  });
}
