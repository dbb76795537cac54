import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { attachWishes, withAttachOptions, type AttachFlags } from '../../../src/commands/attach-options.js';
import { nameOfAddress } from '../../../src/engine/address.js';
import { evidenceJson, parseEvidence } from '../../../src/evidence/file.js';
import { clientCommand } from '../../../src/probes/client/client-command.js';
import { parseClientEvidence, type ClientEvidence } from '../../../src/probes/client/client-evidence.js';
import { parseGatewayEvidence } from '../../../src/probes/gateway/gateway-evidence.js';
import { LINUX_COMMAND } from '../../../src/probes/gateway/linux.js';
import { PLATFORMS } from '../../../src/scenario/platforms.js';
import { commandLine } from '../../../src/shell.js';
import { settle } from '../../../src/topology/settle.js';
import { diagnoseContainer } from '../../../src/workflows/attach/diagnose.js';
import { mergedFacts } from '../../../src/workflows/attach/gateway-side.js';
import type { Examination } from '../../../src/workflows/run/examination.js';
import { lostInHurry } from './hurry.js';
import { assumedPlatform } from '../../../src/workflows/run/scenario-look.js';
import { newRunId } from '../../../src/workflows/run/run.js';
import { idFor } from '../../../src/workflows/keep-evidence.js';

/** What a user can look with, beside what a run in the lab sees. */
export const ATTACHED_VIEWS = ['host', 'host+gateway', 'host+client', 'container'] as const;
export type AttachedView = (typeof ATTACHED_VIEWS)[number];

/**
 * Scenarios that are looked at together with a LAN client: a sample of what lies at the router, at the host, on the wire, at the client, in
 * the container, and of networks in which nothing is wrong.
 */
const WITH_CLIENT: ReadonlySet<string> = new Set([
  'article-first-attempt',
  'article-second-attempt',
  'l2-address-from-dhcp-too',
  'l2-healthy',
  'l2-stale-neighbour-cache',
  'l3-container-kill-switch',
  'l3-gateway-acl',
  'l3-gateway-return-route-wrong-next-hop',
  'l3-host-output-drop',
  'l3-peer-local-firewall',
  'l3-service-on-loopback',
  'l3s-input-drop',
  'macvlan-healthy',
  'macvlan-hypervisor-mac-filter',
]);

/** Whether a scenario is looked at in a view. */
export function isSeenIn(view: string, scenario: string): boolean {
  return view !== 'host+client' || WITH_CLIENT.has(scenario);
}

/** One look of a real `diagnose`, by the text of the evidence file that each view has of it. */
export type Looked = ReadonlyMap<AttachedView, string>;

/**
 * What a real `diagnose` of one container sees on a topology that stands with its faults, with the checks it makes by itself. What the
 * router prints at that time is added to the same look, as `--gateway-evidence` does.
 */
export async function lookedAt(
  examination: Examination,
  views: readonly AttachedView[],
  container: string,
): Promise<Looked> {
  const looked = new Map<AttachedView, string>();
  const settled = () => settle(examination.plan, examination.shell, examination.topology.nodes);
  if (views.includes('host') || views.includes('host+gateway')) {
    const host = onPlatform(examination, await diagnosed(examination, container));
    looked.set('host', host);
    const printed = await printedByGateway(examination);
    if (printed !== undefined) looked.set('host+gateway', withPrinted(host, printed));
  }
  if (views.includes('host+client')) {
    await settled();
    const client = parseClientEvidence(await printedByClient(examination, container));
    looked.set('host+client', onPlatform(examination, await diagnosed(examination, container, { client })));
  }
  if (views.includes('container')) {
    await settled();
    looked.set('container', await diagnosed(examination, container, { privileged: false }));
  }
  return looked;
}

async function diagnosed(
  { address, ...rest }: Examination,
  container: string,
  { privileged = true, client }: { readonly privileged?: boolean; readonly client?: ClientEvidence } = {},
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-view-'));
  // Many looks listen to the one signal of a run, each until it ends.
  const signal = AbortSignal.any([rest.signal]);
  try {
    const { error } = await diagnoseContainer({
      ...(await defaults()),
      ...{ engine: nameOfAddress(address), container, targets: [], privileged, client, directory, signal },
      ...{ runId: newRunId(), onStep: () => undefined },
    });
    if (error) throw new Error(error.message);
    const text = await readFile(join(directory, idFor(container), 'evidence.json'), 'utf8');
    const lost = privileged ? lostInHurry(parseEvidence(text, 'look')) : [];
    if (lost.length > 0) throw new Error(`the lab was too busy: ${lost.length} facts are lost, such as ${lost[0]}`);
    return text;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The host is taken for what the scenario says it is, as in a run. */
function onPlatform({ plan }: Examination, text: string): string {
  const evidence = parseEvidence(text, 'host');
  return evidenceJson({ ...evidence, facts: { ...evidence.facts, ...assumedPlatform(plan, evidence.facts) } });
}

/** What is asked where the user adds nothing. */
function defaults() {
  return attachWishes(withAttachOptions(new Command()).parse([], { from: 'user' }).opts<AttachFlags>());
}

/** What the router prints when the user runs our line on it; absent where it is a cloud's own. */
async function printedByGateway({ plan, topology, shell }: Examination): Promise<string | undefined> {
  const { platform } = plan.site;
  const gateway = topology.nodes.find(({ kind }) => kind === 'gateway');
  if (!gateway || (platform !== undefined && PLATFORMS[platform].kind === 'cloud')) return undefined;
  const { stdout } = await shell.run(commandLine([...gateway.enter, 'sh', '-c', LINUX_COMMAND]));
  return stdout.toString();
}

/** What a LAN client prints that is asked for the container, and for its first TCP service. */
async function printedByClient({ plan, topology, shell }: Examination, name: string): Promise<string> {
  const peer = topology.nodes.find(({ kind }) => kind === 'peer');
  const container = topology.facts.containers.find((one) => one.name === name);
  const [address] = container?.attachments.flatMap(({ addresses }) => addresses) ?? [];
  if (!peer || address === undefined) throw new Error(`${plan.id} has no LAN client, or ${name} no address`);
  const [service] = plan.containers.find((one) => one.name === name)?.listens ?? [];
  const command = clientCommand('linux', { address, port: service?.port });
  const { stdout } = await shell.run(commandLine([...peer.enter, 'sh', '-c', command]));
  return stdout.toString();
}

function withPrinted(host: string, printed: string): string {
  const evidence = parseEvidence(host, 'host');
  const gateway = evidence.facts.nodes?.find(({ kind }) => kind === 'gateway');
  if (!gateway) return host;
  const { facts, missing } = parseGatewayEvidence(printed, gateway.name);
  return evidenceJson({
    ...evidence,
    facts: mergedFacts(evidence.facts, facts),
    missing: [...evidence.missing, ...missing],
  });
}
