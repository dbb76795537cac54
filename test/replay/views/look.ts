import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { attachWishes, withAttachOptions, type AttachFlags } from '../../../src/commands/attach-options.js';
import { nameOfAddress } from '../../../src/engine/address.js';
import { GATEWAY_COMMAND } from '../../../src/probes/gateway/gateway-evidence.js';
import { PLATFORMS } from '../../../src/scenario/platforms.js';
import { commandLine } from '../../../src/shell.js';
import { diagnoseContainer, type DiagnoseOptions } from '../../../src/workflows/attach/diagnose.js';
import type { Examination } from '../../../src/workflows/run/examination.js';
import { newRunId } from '../../../src/workflows/run/run.js';
import { idFor } from '../../../src/workflows/keep-evidence.js';

/** What a user can look with, beside what a run in the lab sees. */
export const ATTACHED_VIEWS = ['host', 'host+gateway', 'container'] as const;
export type AttachedView = (typeof ATTACHED_VIEWS)[number];

/** Why a view of a situation cannot be had. */
export class NotToBeHad extends Error {}

/**
 * The evidence of a real `diagnose` of one container, with the questions it asks by itself, on a topology that stands with its faults.
 *
 * @returns the text of the evidence file
 * @throws NotToBeHad where nobody could look like this
 */
export async function lookedAt(examination: Examination, view: AttachedView, container: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-view-'));
  try {
    const options = { ...(await defaults()), ...(await meansOf(view, examination)) };
    const { address } = examination;
    // Many looks listen to the one signal of a run, each until it ends.
    const signal = AbortSignal.any([examination.signal]);
    const { error } = await diagnoseContainer({
      ...options,
      ...{ engine: nameOfAddress(address), container, targets: [], directory, signal },
      ...{ runId: newRunId(), onStep: () => undefined },
    });
    if (error) throw new Error(`${view}: ${error.message}`);
    return await readFile(join(directory, idFor(container), 'evidence.json'), 'utf8');
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What is asked where the user adds nothing. */
function defaults() {
  return attachWishes(withAttachOptions(new Command()).parse([], { from: 'user' }).opts<AttachFlags>());
}

async function meansOf(
  view: AttachedView,
  examination: Examination,
): Promise<Partial<Pick<DiagnoseOptions, 'privileged' | 'gatewaySide'>>> {
  if (view === 'container') return { privileged: false };
  if (view === 'host') return {};
  return { gatewaySide: { text: await printedByGateway(examination) } };
}

/** What the router prints when the user runs our line on it. */
async function printedByGateway({ plan, topology, shell }: Examination): Promise<string> {
  const { platform } = plan.site;
  const gateway = topology.nodes.find(({ kind }) => kind === 'gateway');
  if (!gateway) throw new NotToBeHad('there is no router');
  if (platform !== undefined && PLATFORMS[platform].kind === 'cloud')
    throw new NotToBeHad('the router is the provider’s own');
  const { stdout } = await shell.run(commandLine([...gateway.enter, 'sh', '-c', GATEWAY_COMMAND]));
  return stdout.toString();
}
